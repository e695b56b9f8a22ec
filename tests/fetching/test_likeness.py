"""What may take the place of a known page, and what only stands there for a while."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from loopback import QUICK, Site, article, bureau, listing, night

from fetching.crawl import crawl
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

HOST = "chengdu.example"
TITLE = "成都市民政局2022年工作总结"
TEXT = (
    "2022年，全市城乡低保对象9.76万人，发放低保资金7.82亿元，救助水平稳步提高。",
    "全市养老机构312家，床位4.5万张，护理型床位占比60%。",
    "全年办理结婚登记63254对，离婚登记28113对，收养登记42件。",
)
WHOLE = article(TITLE, *TEXT)


def _bare(title: str, body: str) -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"


def _framed(*paragraphs: str, title: str = TITLE) -> str:
    """An error in the frame of the article, title and all."""
    return article(title, *paragraphs)


#: Errors, upkeep, log-ins, refusals and other articles, all with status 200.
NOT_THE_PAGE = [
    _bare("系统维护", "<p>系统正在维护，预计2小时后恢复，请稍后再试。</p>"),
    _bare("提示", "<p>您访问的页面不存在或已删除。</p>"),
    _bare("访问过于频繁", "<p>您的访问过于频繁，请30分钟后再试。您的IP：10.1.2.3</p>"),
    _bare("网站升级公告", "<p>因机房搬迁，本网站将于2023年5月1日8时至5月3日18时暂停服务，由此带来的不便，敬请谅解。咨询电话：028-86666666。</p>"),
    _bare("统一身份认证", "<form><input name=u><input type=password name=p><button>登录</button></form>"),
    _bare("请登录", "<p>该内容仅限注册用户查看，请先登录或注册新帐号。登录后将自动返回您要访问的页面，祝您使用愉快。</p>"),
    _bare("Error", "<h1>Internal Server Error</h1><p>The server encountered an unexpected condition. Request id 8842-11-2023.</p>"),
    _bare("welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the web server is successfully installed.</p>"),
    _bare("", "<pre>java.lang.NullPointerException\n at com.trs.web.Page.render(Page.java:218)</pre>"),
    _bare("数据库连接失败", "<p>SQLSTATE[HY000] [2002] 连接超时，错误代码 20230519。</p>"),
    _bare("成都市民政局", "<p>成都市民政局门户网站正在改版，敬请期待。原网站内容正在迁移，稍后将恢复访问，请您谅解。</p>"),
    _bare("安全提示", "<p>您的请求疑似攻击行为，已被防火墙记录并阻断，事件编号 7788991234，如有疑问请致电管理员。</p>"),
    _bare("正在跳转", "<p>页面将在5秒后自动跳转至首页，如未跳转请点击这里。</p>"),
    _bare("成都市人民政府", "<p>该栏目已迁移至新平台，请从首页重新查找您需要的信息，或使用站内检索功能，检索词不少于2个字。</p>"),
    _bare("Forbidden", "<p>You don't have permission to access this resource.</p>"),
    _bare("停机公告", "<p>尊敬的用户：由于电力检修，系统于每晚23点至次日6点停止服务，请您错峰访问，感谢支持。</p>"),
    _framed("系统正在维护，请稍后访问。"),
    _framed("该文章已下线。"),
    _framed("信息正在审核中，审核通过后显示，请耐心等待，或返回上一页继续浏览其他内容。"),
    _framed(""),
    _framed("您没有权限查看此内容，请联系管理员开通权限，联系电话：028-12345678，工作时间9:00-17:00。"),
    article("局领导到福利院走访慰问", "春节前夕，成都市民政局领导到市福利院走访慰问，送去节日祝福，并检查安全工作。"),
    article("关于开展消防安全检查的通知", "各区市县民政局：为做好冬季消防工作，现就有关事项通知如下，请认真落实，按时上报。"),
    article("社区志愿服务活动举行", "志愿者走进社区，开展卫生清洁、政策宣传等活动，受到居民欢迎。"),
    article("招聘公告", "市福利院招聘护理员2名，年龄35岁以下，月薪4000元，报名截止5月20日。"),
    article("错误", "错误编号500，请求次数超过3次，请10分钟后再试。"),
    article("隐私政策", "我们重视您的隐私。本政策说明本网站如何收集、使用和保护您的个人信息，请仔细阅读。" * 5),
    article("网站地图", "机构职能、政务公开、办事服务、互动交流、专题专栏、数据开放、政策文件、新闻中心、通知公告、联系我们。"),
    article("无标题文档", "测试测试测试，这是一个测试页面，用于检查模板是否正常，请勿删除。"),
    article("节日放假安排", "根据国务院办公厅通知，现将放假时间安排公告如下：放假调休，共7天，请提前办理业务。"),
]  # fmt: skip

#: The same page in a new version, or the next bulletin at an address that stays.
THE_PAGE = [
    article(TITLE, TEXT[0].replace("9.76", "9.67"), *TEXT[1:]),
    article(TITLE, *TEXT, "补充：全年救助流浪乞讨人员3120人次。"),
    article(TITLE, *TEXT[:2]),
    article(TITLE, TEXT[2]),
    article(TITLE + "（更正）", *TEXT),
    article("2022年工作总结", *TEXT),
    article("成都市民政局二〇二二年工作总结", *TEXT),
    article("成都市民政局关于2022年工作情况的报告", *TEXT),
    article("成都市民政局2023年工作总结", *(line.replace("2022", "2023").replace("9.76", "9.11") for line in TEXT)),
    article("成都市民政局2023年工作总结", "2023年，民政部门保障城乡低保对象9.1万人，支出7.9亿元。", "养老机构增至330家。"),
    article("成都市2023年民政事业发展统计公报", "全市有养老机构330家，床位4.8万张。", "低保对象9.1万人，结婚登记60001对。"),
    article("成都市2023年第一季度民政统计数据", "城市低保3.2万人。农村低保5.9万人。特困人员1.1万人。"),
    article(TITLE, "现将有关情况予以公布，详见附件。", after="<a href='t.xlsx'>附件：2022年统计表.xlsx</a>"),
    article(TITLE, "详见附件", after="<a href='/down.jsp?id=3'>附件：2022年统计表</a>"),
    article(TITLE, *(line.replace("，", ", ") for line in TEXT)),
    article(TITLE, "".join(TEXT)),
    article(TITLE, *reversed(TEXT)),
    _bare(TITLE, "".join(f"<div>{line}</div>" for line in TEXT)),
    _bare(f"{TITLE}-成都市民政局", f"<h1>{TITLE}</h1><div class='content'>" + "".join(f"<p>{line}</p>" for line in TEXT) + "</div>"),
    article(TITLE, *TEXT).replace("2023-01-20", "2023-02-01"),
    article(TITLE, "<table><tr><td>指标</td><td>2022年</td></tr><tr><td>低保对象（万人）</td><td>9.76</td></tr><tr><td>养老机构（家）</td><td>312</td></tr></table>"),
    article(TITLE, *(f"一、{line}" for line in TEXT)),
    article(TITLE, *(line * 3 for line in TEXT)),
    article("2022年度成都民政工作总结报告", "低保对象97600人。", "养老机构312家。", "婚姻登记91367对。"),
    article(TITLE, "全市低保对象97600人，资金78200万元。"),
    article(TITLE, *TEXT, "网站维护期间本页面可能无法访问，请谅解。"),
    article(TITLE, *TEXT, "联系电话：028-86666666，登录平台查询。"),
    article("成都市民政局2022年工作总结和2023年工作计划", *TEXT, "2023年计划新增床位5000张。"),
    article("成都市民政局2022年上半年工作总结", "上半年，低保对象9.9万人，支出3.9亿元。", "养老机构300家。"),
    article("市民政局2022年工作总结", "过去一年，成都市低保对象9.76万人，养老机构312家，办理婚姻登记91367对。"),
]  # fmt: skip


def _second_night(
    page: str, site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> tuple[str, list[str]]:
    """The outcome of the page when it shows something else, and the texts that are in force then."""
    sources = sources_of(bureau(HOST))
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", TITLE))
    for number, shown in enumerate((WHOLE, page), start=1):
        site.pages[HOST, "/art/1.html"] = shown
        rows = crawl(sources, store, now=night(number), limits=QUICK, connect_to=site.connect_to)
    row = rows.filter(pl.col("url") == f"http://{HOST}/art/1.html").row(0, named=True)
    replayed = replay(store, sources)
    held = replayed.vintages.filter(pl.col("known_to").is_null()).join(replayed.pages, "bulletin_key")
    assert row["outcome"] in ("NEW", "CHANGED", "UNCHANGED") or "成都市民政局" in row["detail"]
    return row["outcome"], held.filter(pl.col("url").str.ends_with("1.html"))["text"].to_list()


@pytest.mark.parametrize("page", NOT_THE_PAGE)
def test_an_error_page_withdraws_nothing(
    page: str, site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    outcome, texts = _second_night(page, site, store, sources_of)
    assert outcome in ("GONE", "BLOCKED", "FAILED")
    assert ["9.76万人" in text for text in texts] == [True]


@pytest.mark.parametrize("page", THE_PAGE)
def test_a_new_version_is_taken(
    page: str, site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    assert _second_night(page, site, store, sources_of)[0] in ("CHANGED", "UNCHANGED")

"""The phrases by which a passage goes on about what was said before, sets a part off from its whole, or counts nothing of its own.

Here belong the patterns that are asked of the words around a number, each with the phrase that it serves. What follows from them is
decided in `codes.py`, `changes.py`, `whose.py` and `around.py`; how words tell of time and place is in `times.py` and `places/`, and which
words speak for an indicator is data.
"""

from __future__ import annotations

import re

# `完成年度目标的102.9%`, `整改完成率`: how far a task is done bears no indicator.
COMPLETION = re.compile(r"任务|目标|完成率|计划数|完成.{0,6}的$|进度|指标的")
# `高出国家扶贫标准线近300元`, `高于全省7.6个百分点`: a gap has no indicator.
GAP = re.compile(
    r"超(?!过)(?:额|出)?(?:完成)?[^,。;、\d]{0,8}(?:任务|目标)(?:数)?$|(?<!不)(?:高出|高于|低于|超出|多出|相差|差距)[^,。;]{0,14}$|[的线][高低]$"
)
# `比2023年的180个增加80个`
COMPARED_VALUE = re.compile(
    r"(?:比|较|与|同)(?:(20\d{2})年|(?:去|上)年|原先|原来|此前|[“\"]?(十[一二三四]五)[”\"]?)(?:[底末]|期末|同期)?的$"
)
# `88个乡镇全部建成未成年人保护工作站` counts 乡镇: what is behind one of these was done by them.
VERB_BEHIND = re.compile(
    r"(?:尚无|没有|尚未|开通|开设|推行|试点|实行|启动|(?<!社会)组织|建成|建立|设立|设置|配备|配齐|实现|完成(?!改|扩|提升|新建)|成立|建有|开展|覆盖)"
)
# `累计达824家`, `总数达563处`, `共14家`: the number goes on about what the clause before counted, all of it.
TOTAL = re.compile(
    r"[\s,、和]*(?:[、和]|分别|各|目前|现|去年|上年|今年|全年|全[市县区州]|累计|总数|总量|总额|金额|数量|仅|只有|登记|注册|开办|设有|拥有|计|共|共有|现有|合计|总计|达到?|已|有|为|约|近|超过?|突破|增至|发展到|建成投用|建成|投用|20\d{2}年|年末|年底|[减增][少加]到|[下降升]+[到至])+$"
)
# `助餐配送餐覆盖3020个村社`: counted is what was reached, not what reached it.
ALONG = re.compile(r"(?:覆盖|涉及|辐射|惠及|带动)(?:了|全[市县区州])?(?:约|近|超过?)?$")
# `…其中城市1407人,发放供养资金1.28亿元`: a clause that opens with a deed is of the whole again.
DOES = re.compile(r"(?:[共全年累计已]*)(?:发放|支出|下拨|拨付|新增|新纳入|投入|建成|退出)")
# `养老中心竣工,设床位260张`: the beds of one house.
BEDS_OF_ONE = re.compile(r"^[,、]?(?:建筑面积[^,]*)?(?:可?设(?:有|置|计)?|规划)(?:养老|总)?床位(?:数)?(?:约|近)?$")
# `全县657个村委会已有643个完成选举`: those of all who already have.
SOME_HAVE = re.compile(r"[中已]有$")
# `社会散居的81名每月600元`: a rate that names but its period is paid to whom the words before it name.
PAID_ONLY = re.compile(r"[,、]?(?:[均各按])?(?:每人每月|每月每人|每人每年|每月|每年)(?:发放|补助|为|是)?")
# What stands between two numbers and keeps their nouns apart.
JOINED = re.compile(r"[、和与及的,()\u3001]")
# `188对新人领证`: a noun right behind a number.
NOUN_BEHIND = re.compile(r"(?![和及与])[\u4e00-\u9fff]")
# What may stand between a place and its number where both go on about what was counted before.
NOT_ELLIPTIC = re.compile(
    r"[^、,;和及与各分别有为达到共约近计仅只则是占就一县区市也还:其中的每人月年完成两三四五六七八九十\s]"
)
# `这一数字`, `该比例`
THIS_FIGURE = re.compile(r"这一(?:数字|比例|数据|标准|指标)|该(?:数字|比例|数据|指标)|这个(?:数字|比例)")
# `人均月补差城镇587元、农村牧区354元`: the same count of the other side.
OTHER_SIDE = re.compile(r"[、和及]?(?:城[市镇]|农村(?:牧区)?|牧区|市区|郊区|县城)(?:为|达|有|则?为)?")
# `比上年少1569对,降幅超过三成`: the same change, in per cent.
# `而南京下降14.2%`: the same change of another place; what is left of the words when the place is taken out.
SAME_OF_PLACE = re.compile(
    r"[、,;和及而]*[则也]?(?:整体)?(?:同比)?(?:提高|提升|增长|增加|上涨|下降|减少|上升)(?:了|约)?"
)
EXTENT = re.compile(r"[,、]?[增降涨升减]幅(?:为|高达|达到?|超过?|约|近)*")
# `城市低保标准提高5%,农村提高7%`: the same change of the other side.
SAME_CHANGE = re.compile(
    r"[、,;和及]?(?:城[市镇]|农村(?:牧区)?|市区)[则也]?(?:提高|提升|增长|增加|上涨|下降|减少)(?:了|约)?"
)
# `同比一降一升,分别为8.3%和5.9%`, `沂源县增幅最大,为7.2%`
CHANGE_BEFORE_COMMA = re.compile(
    r"(?:(?:同比|环比|[增降涨升减]幅)[^,。;\d]{0,6}|一[升降增减]一[升降增减][^,。;\d]{0,4}),(?:分别)?(?:为|是|达到?)$"
)
# `生活补贴1.06万人、护理补贴1.48万人,标准均为每人每月100元`
ALIKE = re.compile(r"均(?:为|按|达|提高到|是)")
# `居家养老服务中心和农村互助养老服务站共508个`
SUM_OF_TWO = re.compile(r"(.{2,}?)[和与及、](.{3,}?)(?:共|合计|总计|共计)(?:有|达)?")
# `建成农村幸福院、居家养老服务站点1486个`: a sum that does not say that it is one.
PAIR_OF_KINDS = re.compile(r"([^、和与及]{3,})[、和与及]([^、和与及]{3,})")
# `1018个村、229个社区全部完成整治`: done with all of them, so that none is parted off.
ALL_OF_THEM = re.compile(r"全部|[均都]已?(?=完成|实现|建|配|开)|圆满|顺利")
# `新增老年助餐点85个、累计达243个`
TOTAL_SAID = re.compile(r"[、,]?(?:累计|总数|总量|共|合计|目前)")
# `全市`, `我县`, `三地合计占…`: the home is meant, unless it is what something is a share of.
SAID_OF_HOME = re.compile(r"(?<![占比与及于居])[全我本][市县区州]|[两三四五六七八]地|合计占")
# `城区低保标准`: of the built-up part of a city, or of its districts.
BUILT_UP = re.compile(r"(?<!主)(?<!心)城区(?!城[市镇])")
# Words by which a figure of a thought told of two sides is of both.
OF_ALL = re.compile(r"全[市县区州盟省]|城乡|共|合计|总计|累计")
# `城乡低保标准…26.1%和41.3%`: the first of two values is the city's, the second the village's.
BOTH_SIDES = re.compile(r"城乡(?!社区|居家|养老|一体|统筹|融合|特困|困难|医疗)[^,。;\d]*(?:标准|补差|补助水平)")
# `城镇、农村低保标准分别…;月人均补差水平716元和343元`: what each side of the thought has one of.
OF_SIDES = re.compile(r"(?<![儿困保])(?:补差|补助水平|(?<!生活)保障标准|低保标准)")
# `分别`, `依次`, `先后`
IN_TURN = re.compile(r"依次|分别|先后")
# `销售福利彩票29.4亿元,其中2015年7.2亿元`
PART_OF_SAME = re.compile(
    r"[\s,、(]*其中[::]?(?:20\d{2}年|今年|当年|上半年|城[市镇]|农村|市辖区|主城区|市区|本级){1,2}(?:为|达到?)?"
)
# What may stand with 其中 and yet be the same count of one part: `其中农村5233户`; but `其中外地户籍1033对` is another.
PART_WORDS = re.compile(
    r"[\s,、(:]|其中|城市|城镇|农村|市辖区|中心城区|主城区|市区|全[市县区州]|20\d{2}年|\d{1,2}月(?:份)?|今年|当年|[当本][月季]|为|达到?|有|共|约|近|超过?"
)
# What does not make a part narrower: `设在城市社区的139个`.
NOT_WORDS = re.compile(r"[^\u4e00-\u9fff]|[新的个所处点站家]|设[在于]|位于|建在")
# `发放城市低保金2563.7万元、农村低保金6684.2万元,共计9247.9万元`
SUM = re.compile(r"(?:共计|合计|总计)[^,。;]{0,4}$")
# `均增长5%`; not `年均`, `人均`, `户均`
EACH_OF_BOTH = re.compile(r"(?<![年人月户平])均|分别|各(?=[增提上下降])")
# `按最低工资1720元的2%确定`: what a standard is derived from, or compared with, is none.
BENCHMARK = re.compile(
    r"(?:最低工资|可支配收入|消费(?:性)?支出|平均工资|工资|贫困线|扶贫(?:标准)?|纯收入|生产总值|财政收入)(?:标准|水平|线)?(?:的|为|是|达到?|按|[(])?(?:每人)?(?:每月|每年)?(?:约|近)?$"
)
# `慰问标准:…150元/人`: paid once, which no standard of a scheme is.
PAID_ONCE = re.compile(r"慰问|一次性|过节费|节日|压岁|红包|春节")
# `每季度发放180元`: no standard is for a quarter or a term.
BY_THE_QUARTER = re.compile(r"(?:每个?|按)(?:季度?|学期)(?:每人)?[^,。;\d]{0,6}$")
BY_TIME = re.compile(r"每?人?每[月年天季]|[/·][月年]|月人均|年人均")
# `城乡低保和特困人员9万余人`
SCHEMES = re.compile(
    r"(低保|特困|五保|临时救助|孤儿|困境儿童|低收入)(?:对象|人员|家庭|群众|供养)*(?=[、和与及,\d]|共|$)"
)
# `每万名常住人口拥有社会组织7.6个`
DENSITY = re.compile(r"每(?:[百千万]+|\d+)(?:名|个|位|人|户)?[^,。;\d]{0,12}$")
# `536名孤儿及事实无人抚养儿童`: two kinds behind one number.
PAIR_BEHIND = re.compile(r"([^、和与及,。;\d]{2,12})(?:[、和与]|以?及)([^、和与及,。;\d]{2,14}?)(?=[,。;]|$)")
# `到年底,全市在册低保3020人`: what follows in the sentence is counted on that day too.
IN_STOCK = re.compile(r"(?:年底|年末|月底|目前)[^。;]{0,6}(?:在册|在保|现有|共有)|在册[^。;\d]{0,12}\d")
# `每所补助3万元`
PER_PIECE = re.compile(r"每(?:所|个|家|站|处|床|张)(?:最高)?(?:补助|奖补|补贴|资助|奖励)")
# `一度达到…`, `最高峰时`: what no longer holds.
ONCE = re.compile(r"一度|曾(?:经)?(?:达|有)|最高峰")
# `计划新建50处,目前已建成44处`: what came of a plan.
CARRIED_OUT = re.compile(r"已?(?:经)?(?:完工|建成|完成|竣工|改造|新建|签约)(?:了)?$")
# `提前完成省里交办的200个任务`
SET_TASK = re.compile(r"(?:的)?(?:目标)?任务")
# `每个街道至少1个`, `各配1名`: one for each is no count.
FOR_EACH = re.compile(
    r"每(?:个|一|座)?(?:城市|农村|行政)?(?:区|县|镇|乡|街道|村|社区|市|居委会|机构)|各(?:县|区|乡|镇|街道)[^,。]{0,8}(?:至少|各)|各(?:建|设|配)(?:备|齐)?(?:\d|$)"
)
# `西溪街道1个,灵隐街道1个`: what lies in one town, not how many towns there are.
NAMED_TOWN = re.compile(r"[\s、,]*(?:其中)?(?![全现共所下管我各老为余撤其])[^\W\da-zA-Z辖有设]{2,3}(?<!乡)(?:街道|镇)")
# `15个居委会完成改扩建`: those of which something is told, not all that there are.
SOME_OF = re.compile(
    r"\s*[\u4e00-\u9fff]{2,8}?(?<!全部)(?<!均)(?<!都)(?:已?完成|正在)(?:改|扩|提升|施工|装修|新建|建设)"
)
# `将1268名…纳入…,其中低保802人`: what a campaign looked through, of which the figures behind are parts.
CAMPAIGN = re.compile(r"将.*纳入|排查|摸排|走访|核查|筛查|转移")

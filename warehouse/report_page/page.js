"use strict";
const content = JSON.parse(document.getElementById("content").textContent);
const charts = JSON.parse(document.getElementById("charts").textContent);
const options = {renderer: "svg", actions: false};
const number = new Intl.NumberFormat("zh-CN", {maximumFractionDigits: 2});

// ---- what is packed, unpacked when it is asked for --------------------------------------------------------------------
const unpacked = {};
function unpack(id) {
  unpacked[id] ??= (async () => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), character => character.charCodeAt(0));
    const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
    const columns = JSON.parse(text);
    const cell = (column, row) => column.words ? column.words[column.at[row]] : column[row];
    return Array.from({length: columns.year.length}, (_, row) =>
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, cell(column, row)])));
  })();
  return unpacked[id];
}

// ---- small builders: text is always set as text ----------------------------------------------------------------------
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") made.className = value; else made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}
function link(url, text) {
  // A page's address comes from the web: only web addresses become links.
  return /^https?:\/\//i.test(url || "") ? element("a", {href: url, target: "_blank", rel: "noopener noreferrer"}, text || url)
                                         : document.createTextNode(text || url || "");
}
function quoted(sentence, printed) {
  const at = printed ? sentence.indexOf(printed) : -1;
  return at < 0 ? element("blockquote", {}, sentence)
    : element("blockquote", {}, sentence.slice(0, at), element("mark", {}, printed), sentence.slice(at + printed.length));
}
const marks = {approx: "约 ", ge: "≥ ", le: "≤ ", exact: ""};
const perWords = {month: "/月", year: "/年", day: "/日", "": ""};
function shown(value, unit, per, qualifier, high) {
  if (value === null || value === undefined) return "—";
  return (marks[qualifier] || "") + number.format(value) + (high ? "–" + number.format(high) : "") + " " + (unit || "") + (perWords[per] || "");
}
function source(row, prefix = "") {
  const told = [row.publisher, row.published_on].filter(Boolean).join("，");
  return element("div", {class: "source"}, link(row[prefix + "url"], row[prefix + "title"] || row[prefix + "url"]), told ? "（" + told + "）" : "");
}
function table(heads, rows, total, view) {
  if (!rows.length) return [element("p", {class: "hint"}, "无。")];
  const body = rows.map(row => element("tr", {}, ...row.map((child, place) => {
    const numeric = typeof child === "number";
    const data = element("td", {"data-head": heads[place], class: numeric ? "number" : place < 2 ? "name" : ""});
    data.append(numeric ? number.format(child) : child ?? "—");
    return data;
  })));
  const made = element("table", {class: "stacked"},
    element("thead", {}, element("tr", {}, ...heads.map(head => element("th", {}, head)))), element("tbody", {}, ...body));
  const more = total > rows.length ? element("p", {class: "left-out"}, `共 ${number.format(total)} 条，此处列前 ${rows.length} 条；全部见 ${view}。`) : null;
  return more ? [made, more] : [made];
}
const within = (id, name) => document.querySelector(`#${id} .${name}`);
function both(...parts) { return element("div", {}, ...parts); }

// ---- head ------------------------------------------------------------------------------------------------------------
const release = content.release;
const days = moment => moment ? Math.floor((Date.now() - Date.parse(moment.replace(" ", "T") + "Z")) / 864e5) : null;
const age = days(release.data_as_of);
for (const [term, told] of [
  ["数据截至", (release.data_as_of || "—").slice(0, 10)], ["距今", age === null ? "—" : age + " 天"],
  ["地区", number.format(release.cities)], ["公布值", number.format(release.facts)],
  ["其中目录指标", number.format(release.facts_catalogued)], ["读出的数", number.format(release.observations)],
  ["分歧", number.format(release.conflicts)], ["隔离", number.format(release.quarantined)],
]) document.getElementById("tiles").append(element("div", {}, element("dt", {}, term), element("dd", {}, told)));
document.getElementById("footer").append(
  `发布 ${release.release_id}，生成于 ${release.built_at}（UTC），程序 ${release.code_version}，读取程序 ${release.reader_version}。`);

// ---- coverage --------------------------------------------------------------------------------------------------------
function valueTable(rows) {
  return table(["指标", "范围", "值", "原句与出处"], rows.map(row => [
    row.indicator_zh, row.area_zh + (row.time_period === String(row.year) && row.period === "annual" ? "" : "，" + row.time_period_zh) + (row.measure === "change" ? "，增减" : ""),
    element("span", {class: row.conflict ? "disputed" : ""}, shown(row.value, row.unit_zh, row.per, row.qualifier, row.value_high) + (row.conflict ? " 有分歧" : "")),
    both(quoted(row.sentence, row.printed), source(row)),
  ]), rows.length, "indicator_values");
}
draw("coverage", {coverage: content.coverage}, async datum => {
  const rows = (await unpack("values")).filter(row => row.city === datum.city && row.year === datum.year);
  return [element("h3", {}, `${datum.city} ${datum.year} 年：${rows.length} 个值`), ...valueTable(rows)];
});
if (content.places_left_out) within("coverage", "hint").append(` 另有 ${content.places_left_out} 个地区数值较少，未列入本页。`);

// ---- targets ---------------------------------------------------------------------------------------------------------
const areaName = row => row.area === "all" ? "" : "·" + row.area_zh;
const achieved = content.targets.filter(row => row.achieved_share !== null)
  .map((row, place) => ({...row, name: `${row.city} ${row.year} ${row.indicator_zh}${areaName(row)}`, place}));
function pair(row) {
  return both(element("strong", {}, "目标 " + shown(row.promised, row.unit_zh, row.per, row.promise)), quoted(row.target_sentence), source(row, "target_"),
    ...(row.achieved === null ? [element("p", {class: "hint"}, "尚无结果。")]
      : [element("strong", {}, "实际 " + shown(row.achieved, row.unit_zh, row.per)), quoted(row.result_sentence), source(row, "result_")]));
}
if (achieved.length) draw("targets", {targets: achieved}, datum => [element("h3", {}, datum.name), pair(datum)]);
within("targets", "table").append(...table(["地区", "年份", "指标", "目标", "实际", "目标原句"], content.targets.map(row => [
  row.city, String(row.year), row.indicator_zh + areaName(row), shown(row.promised, row.unit_zh, row.per, row.promise),
  shown(row.achieved, row.unit_zh, row.per), both(quoted(row.target_sentence), source(row, "target_"))]), content.totals.targets, "targets_and_results"));

// ---- conflicts, quarantine, freshness --------------------------------------------------------------------------------
within("conflicts", "table").append(...table(["地区", "年份", "指标", "公布", "另一方", "取舍"], content.conflicts.map(row => [
  row.city, String(row.year), row.indicator_zh,
  both(element("strong", {}, number.format(row.value)), quoted(row.sentence, row.printed), source(row)),
  both(element("strong", {}, number.format(row.rival_value)), quoted(row.rival_sentence, row.rival_printed), source(row, "rival_")),
  row.rule_zh || "—"]), content.totals.conflicts, "conflict_details"));
within("quarantine", "rules").append(...table(["规则", "观测数"], content.rules.map(row => [row.rule, row.observations]), content.rules.length, ""));
within("quarantine", "table").append(...table(["地区", "年份", "所计何物", "原文", "规则", "原句与出处"], content.quarantine.map(row => [
  row.place || "—", row.year === null ? "—" : String(row.year), row.label || row.indicator, row.printed, row.rule + "：" + row.detail,
  both(quoted(row.sentence, row.printed), source(row))]), content.totals.quarantine, "quarantine"));
within("freshness", "table").append(...table(["地区", "最近发布", "距今（天）", "最近抓到", "网页数", "最近一篇"], content.freshness.map(row => [
  row.city, row.newest_publication || "未注明", days(row.newest_publication ? row.newest_publication + " 00:00" : null), row.newest_page, row.bulletins,
  link(row.url, row.title)]), content.totals.freshness, "dim_bulletin"));

// ---- charts ----------------------------------------------------------------------------------------------------------
async function draw(id, datasets, detailOf) {
  const specification = {...charts[id], datasets};
  if (specification.height.step) {  // one step a row, as a number: Vega-Lite cannot fit the width of a stepped chart
    const [rows] = Object.values(datasets);
    const field = (specification.layer[0].encoding.y || {}).field;
    specification.height = specification.height.step * new Set(rows.map(row => row[field])).size;
  }
  const {view} = await vegaEmbed(within(id, "chart"), specification, options);
  {
    view.addEventListener("click", async (event, item) => {
      const datum = item && item.datum && (item.datum.datum || item.datum);
      if (!datum || !datum.city) return;
      const detail = within(id, "detail");
      detail.replaceChildren(...await detailOf(datum));
      detail.scrollIntoView({block: "nearest", behavior: "smooth"});
    });
  }
  return view;
}
for (const to of document.querySelectorAll("nav a")) {
  to.tabIndex = 0;
  to.addEventListener("click", () => document.getElementById(to.dataset.to).scrollIntoView({behavior: "smooth"}));
}

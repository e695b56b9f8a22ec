"use strict";
const content = JSON.parse(document.getElementById("content").textContent);
const charts = JSON.parse(document.getElementById("charts").textContent);
const options = {renderer: "svg", actions: false};
const number = new Intl.NumberFormat("zh-CN", {maximumFractionDigits: 2});

let language = new URLSearchParams(location.hash.slice(1)).get("lang") === "en" ? "en" : "zh";
const say = (zh, en) => language === "en" ? en : zh;
const named = (row, name) => say(row[name + "_zh"], row[name + "_en"] || row[name + "_zh"]);

// ---- what is packed, unpacked when it is asked for --------------------------------------------------------------------
const unpacked = {};
function unpack(id) {
  unpacked[id] ??= (async () => {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), character => character.charCodeAt(0));
    return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text());
  })();
  return unpacked[id];
}
// Rows in which a column of words says one thing: of hundreds of thousands only these become objects.
async function rowsOf(id, name, word) {
  const columns = await unpack(id);
  const code = columns[name].words.indexOf(word);
  const rows = [];
  columns[name].at.forEach((at, row) => {
    if (at === code) rows.push(Object.fromEntries(Object.entries(columns).map(([each, column]) =>
      [each, column.words ? column.words[column.at[row]] : column[row]])));
  });
  return rows;
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
const marks = {approx: ["约 ", "about "], ge: ["≥ ", "≥ "], le: ["≤ ", "≤ "], exact: ["", ""]};
const perWords = {month: "/月", year: "/年", day: "/日", "": ""};
const unitOf = row => say(row.unit_zh + (perWords[row.per] || ""), row.unit + (row.per ? "/" + row.per : ""));
function shown(value, row, qualifier, high) {
  if (value === null || value === undefined) return "—";
  return say(...(marks[qualifier] || marks.exact)) + number.format(value) + (high ? "–" + number.format(high) : "") + " " + unitOf(row);
}
function source(row, prefix = "") {
  const told = [row.publisher, row.published_on].filter(Boolean).join("，");
  return element("div", {class: "source"}, link(row[prefix + "url"], row[prefix + "title"] || row[prefix + "url"]), told ? "（" + told + "）" : "");
}
function table(heads, rows, total, view) {
  if (!rows.length) return [element("p", {class: "hint"}, say("无。", "None."))];
  const numeric = heads.map((_, place) => rows.some(row => typeof row[place] === "number"));
  const body = rows.map(row => element("tr", {}, ...row.map((child, place) => {
    const data = element("td", {"data-head": heads[place], class: numeric[place] ? "number" : place < 2 ? "name" : ""});
    data.append(typeof child === "number" ? number.format(child) : child ?? "—");
    return data;
  })));
  const made = element("table", {class: "stacked"},
    element("thead", {}, element("tr", {}, ...heads.map((head, place) => element("th", {class: numeric[place] ? "number" : ""}, head)))), element("tbody", {}, ...body));
  const more = total > rows.length ? element("p", {class: "left-out"}, say(
    `共 ${number.format(total)} 条，此处列前 ${rows.length} 条；全部见 ${view}。`, `The first ${rows.length} of ${number.format(total)}; all are in ${view}.`)) : null;
  return more ? [made, more] : [made];
}
const within = (id, name) => document.querySelector(`#${id} .${name}`);
function both(...parts) { return element("div", {}, ...parts); }

// ---- head ------------------------------------------------------------------------------------------------------------
const release = content.release;
const days = moment => moment ? Math.floor((Date.now() - Date.parse(moment.replace(" ", "T") + "Z")) / 864e5) : null;
function head() {
  const age = days(release.data_as_of);
  document.getElementById("tiles").replaceChildren(...[
    [say("数据截至", "data as of"), (release.data_as_of || "—").slice(0, 10)], [say("距今", "age"), age === null ? "—" : say(age + " 天", age + " days")],
    [say("地区", "places"), number.format(release.cities)], [say("公布值", "values"), number.format(release.facts)],
    [say("其中目录指标", "catalogued"), number.format(release.facts_catalogued)], [say("读出的数", "numbers read"), number.format(release.observations)],
    [say("分歧", "conflicts"), number.format(release.conflicts)], [say("隔离", "held back"), number.format(release.quarantined)],
  ].map(([term, told]) => element("div", {}, element("dt", {}, term), element("dd", {}, told))));
  document.getElementById("footer").textContent = say(
    `发布 ${release.release_id}，生成于 ${release.built_at}（UTC），程序 ${release.code_version}，读取程序 ${release.reader_version}。`,
    `Release ${release.release_id}, built ${release.built_at} (UTC) by ${release.code_version}, reader ${release.reader_version}.`);
}

// ---- coverage --------------------------------------------------------------------------------------------------------
const DOUBTFUL = content.least_certainty;  // readings less sure than this are marked
const doubtful = row => row.certainty !== null && row.certainty < DOUBTFUL;
function remarks(row) {
  return [row.conflict ? say("有分歧", "disputed") : "", doubtful(row) ? say("存疑", "doubtful") : ""].filter(Boolean).join(say("，", ", "));
}
const areaOf = row => row.area === "all" ? "" : named(row, "area");
function valueTable(rows) {
  return table(say(["指标", "范围", "值", "原句与出处"], ["indicator", "part of the place", "value", "sentence and source"]), rows.map(row => [
    named(row, "indicator"),
    [named(row, "area"), row.time_period === String(row.year) && row.period === "annual" ? "" : named(row, "time_period"),
      row.measure === "change" ? say("增减", "change") : ""].filter(Boolean).join(say("，", ", ")),
    element("span", {class: row.conflict || doubtful(row) ? "disputed" : ""}, shown(row.value, row, row.qualifier, row.value_high) + " " + remarks(row)),
    both(quoted(row.sentence, row.printed), source(row)),
  ]), rows.length, "indicator_values");
}
function coverage() {
  draw("coverage", {coverage: content.coverage}, async datum => {
    const rows = (await rowsOf("values", "city", datum.city)).filter(row => row.year === datum.year);
    return [element("h3", {}, say(`${datum.city} ${datum.year} 年：${rows.length} 个值`, `${datum.city} ${datum.year}: ${rows.length} values`)), ...valueTable(rows)];
  });
  within("coverage", "left-out").textContent = content.places_left_out
    ? say(`另有 ${content.places_left_out} 个地区数值较少，未列入此图。`, `${content.places_left_out} places with fewer values are not in this chart.`) : "";
}

// ---- targets ---------------------------------------------------------------------------------------------------------
function pair(row) {
  return both(element("strong", {}, say("目标 ", "Target: ") + shown(row.promised, row, row.promise)), quoted(row.target_sentence), source(row, "target_"),
    ...(row.achieved === null ? [element("p", {class: "hint"}, say("尚无结果。", "No result yet."))]
      : [element("strong", {}, say("实际 ", "Result: ") + shown(row.achieved, row)), quoted(row.result_sentence), source(row, "result_")]));
}
function targets() {
  const nameOf = row => [named(row, "indicator"), areaOf(row)].filter(Boolean).join("·");
  const achieved = content.targets.filter(row => row.achieved_share !== null)
    .map((row, place) => ({...row, name: `${row.city} ${row.year} ${nameOf(row)}`, place}));
  if (achieved.length) draw("targets", {targets: achieved}, datum => [element("h3", {}, datum.name), pair(datum)]);
  within("targets", "table").replaceChildren(...table(
    say(["地区", "年份", "指标", "目标", "实际", "目标原句"], ["place", "year", "indicator", "target", "result", "sentence of the target"]), content.targets.map(row => [
      row.city, String(row.year), nameOf(row), shown(row.promised, row, row.promise),
      shown(row.achieved, row), both(quoted(row.target_sentence), source(row, "target_"))]), content.totals.targets, "targets_and_results"));
}

// ---- conflicts, quarantine, freshness --------------------------------------------------------------------------------
function lists() {
  within("conflicts", "table").replaceChildren(...table(
    say(["地区", "年份", "指标", "公布", "另一方", "取舍"], ["place", "year", "indicator", "published", "the other", "chosen by"]), content.conflicts.map(row => [
      row.city, String(row.year), named(row, "indicator"),
      both(element("strong", {}, number.format(row.value)), quoted(row.sentence, row.printed), source(row)),
      both(element("strong", {}, number.format(row.rival_value)), quoted(row.rival_sentence, row.rival_printed), source(row, "rival_")),
      named(row, "rule") || "—"]), content.totals.conflicts, "conflict_details"));
  within("quarantine", "rules").replaceChildren(...table(say(["规则", "观测数"], ["rule", "observations"]), content.rules.map(row => [row.rule, row.observations]), content.rules.length, ""));
  within("quarantine", "table").replaceChildren(...table(
    say(["地区", "年份", "所计何物", "原文", "规则", "原句与出处"], ["place", "year", "what is counted", "printed", "rule", "sentence and source"]), content.quarantine.map(row => [
      row.place || "—", row.year === null ? "—" : String(row.year), row.label || row.indicator, row.printed, row.rule + say("：", ": ") + row.detail,
      both(quoted(row.sentence, row.printed), source(row))]), content.totals.quarantine, "quarantine"));
  within("freshness", "table").replaceChildren(...table(
    say(["地区", "最近发布", "距今（天）", "最近抓到", "网页数", "最近一篇"], ["place", "newest bulletin", "days ago", "last fetched", "pages", "the newest"]), content.freshness.map(row => [
      row.city, row.newest_publication || say("未注明", "undated"), days(row.newest_publication ? row.newest_publication + " 00:00" : null), row.newest_page, row.bulletins,
      link(row.url, row.title)]), content.totals.freshness, "dim_bulletin"));
}

// ---- charts ----------------------------------------------------------------------------------------------------------
// Titles are written «中文 | English»; labels in 万 and 亿 are for those who count so.
function inLanguage(key, value) {
  if (key === "title" && typeof value === "string") return say(...value.split(" | "));
  return key === "labelExpr" && language === "en" ? "format(datum.value, '~s')" : value;
}
async function draw(id, datasets, detailOf) {
  const specification = {...JSON.parse(JSON.stringify(charts[id]), inLanguage), datasets};
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

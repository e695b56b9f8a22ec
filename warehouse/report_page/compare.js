// ---- any set of places, any indicator: chart, ranking, who is missing; the choice stands in the address --------------------
const byCode = new Map(content.indicators.map(item => [item.indicator_code, item]));
const field = id => document.getElementById(id);
const PLACES_AT_FIRST = 8;
const choice = {indicator: "", places: [], year: null, zero: false};

function fromAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  choice.indicator = byCode.has(asked.get("i")) ? asked.get("i") : (content.indicators[0] || {}).indicator_code || "";
  choice.places = (asked.get("p") || "").split(",").filter(Boolean);
  choice.year = asked.get("y") ? Number(asked.get("y")) : null;
  choice.zero = asked.get("zero") === "1";
  language = asked.get("lang") === "en" ? "en" : "zh";
}
function toAddress() {
  const said = new URLSearchParams({i: choice.indicator});
  if (choice.places.length) said.set("p", choice.places.join(","));
  if (choice.year) said.set("y", choice.year);
  if (choice.zero) said.set("zero", "1");
  if (language === "en") said.set("lang", "en");
  history.replaceState(null, "", "#" + said);
}
const told = item => say(item.zh, item.en || item.zh);
const taken = {sum: ["城乡相加", "town and country added"], urban: ["城市", "towns"], districts: ["市辖区", "city districts"]};
const takenOf = row => taken[row.value_of] ? say(...taken[row.value_of]) : "";

function translate() {
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  for (const part of document.querySelectorAll("[data-en]")) {
    part.dataset.zh ??= part.textContent;
    part.textContent = language === "en" ? part.dataset.en : part.dataset.zh;
  }
  field("language").textContent = say("English", "中文");
  head();
  for (const open of document.querySelectorAll(".detail")) open.replaceChildren();
  field("indicators").replaceChildren(...content.indicators.map(item =>
    element("option", {value: told(item)}, `${item.indicator_code} · ${unitOf(item)} · ${item.cities} × ${item.years}`)));
}
function indicatorOf(words) {
  const asked = words.trim().toLowerCase();
  const names = item => [item.indicator_code, item.zh, (item.en || "").toLowerCase()];
  return content.indicators.find(item => names(item).includes(asked))
    || content.indicators.find(item => names(item).some(name => name.includes(asked)));
}

async function compare() {
  const item = byCode.get(choice.indicator);
  if (!item) return;
  toAddress();
  field("indicator").value = told(item);
  field("zero").checked = choice.zero;
  const rows = (await rowsOf("annual", "indicator_code", choice.indicator)).filter(row => row.value !== null);
  const newest = new Map(rows.map(row => [row.city, row]));
  const places = [...newest.keys()];
  const shownPlaces = choice.places.length ? choice.places.filter(place => newest.has(place))
    : [...newest.values()].sort((one, other) => other.value - one.value).slice(0, PLACES_AT_FIRST).map(row => row.city);
  field("places").replaceChildren(...places.map(place => element("option", {value: place})));
  field("chosen").replaceChildren(...shownPlaces.map(place => {
    const chip = element("button", {type: "button", class: "chip"}, place + " ×");
    chip.addEventListener("click", () => { choice.places = shownPlaces.filter(each => each !== place); compare(); });
    return chip;
  }), ...choice.places.filter(place => !newest.has(place)).map(place => element("span", {class: "chip absent"}, place + " —")));
  rank(item, rows, shownPlaces);
  compare.drawing = drawLines(item, rows.filter(row => shownPlaces.includes(row.city)), newest);
  await compare.drawing;
}
async function drawLines(item, rows, newest) {
  within("compare", "detail").replaceChildren();
  charts.compare.layer.forEach(layer => { layer.encoding.y.scale = {...layer.encoding.y.scale, zero: choice.zero}; });
  const data = rows.map(row => ({...row, last: newest.get(row.city) === row, told: [takenOf(row) || say("全域", "whole place"), remarks(row)].filter(Boolean).join(say("，", ", "))}));
  compare.view = await draw("compare", {compare: data}, async datum => {
    const found = (await rowsOf("values", "city", datum.city)).filter(row => row.year === datum.year
      && row.indicator_key === choice.indicator && row.measure === "level");
    return [element("h3", {}, `${datum.city} ${datum.year} ${told(item)}`), ...valueTable(found)];
  });
}
function rank(item, rows, shownPlaces) {
  const years = [...new Set(rows.map(row => row.year))].sort((one, other) => other - one);
  const valued = each => rows.filter(row => row.year === each).length;
  // The newest year may have few values yet: the fullest one is shown until a reader chooses.
  const fullest = years.reduce((best, each) => valued(each) > valued(best) ? each : best, years[0]);
  const year = years.includes(choice.year) ? choice.year : fullest;
  field("year").replaceChildren(...years.map(each => element("option", {value: each}, String(each))));
  field("year").value = year;
  const ranked = rows.filter(row => row.year === year).sort((one, other) => other.value - one.value);
  const before = new Map(rows.filter(row => row.year === year - 1).map(row => [row.city, row.value]));
  const change = row => before.get(row.city) ? (100 * (row.value / before.get(row.city) - 1)).toFixed(1) + "%" : "—";
  compare.ranked = ranked;
  compare.year = year;
  within("compare", "ranking").replaceChildren(...table(
    say(["名次", "地区", unitOf(item), "比上年", "城市", "农村", "注"], ["rank", "place", unitOf(item), "on the year before", "urban", "rural", "note"]),
    ranked.map((row, place) => [String(place + 1), element("span", {class: shownPlaces.includes(row.city) ? "picked" : ""}, row.city), row.value, change(row),
      row.value_urban ?? "—", row.value_rural ?? "—", [remarks(row), row.rounded ? say("约数", "rounded") : "", takenOf(row)].filter(Boolean).join(say("，", ", "))]), ranked.length, "annual_values"));
  const there = new Set(ranked.map(row => row.city));
  const absent = content.everybody.filter(place => !there.has(place.city));
  const ever = new Set(rows.map(row => row.city));
  within("missing", "hint").textContent = say(`${told(item)}，${year} 年：${there.size} 地有值，${absent.length} 地没有。`,
    `${told(item)}, ${year}: ${there.size} places have a value, ${absent.length} do not.`);
  within("missing", "table").replaceChildren(...table(say(["地区", "省", "其他年份"], ["place", "province", "other years"]),
    absent.map(place => [place.city, place.province || "", ever.has(place.city) ? [...rows].filter(row => row.city === place.city).map(row => row.year).join("、") : "—"]),
    absent.length, "completeness"));
}
async function show() {  // first what the page opens with, then what is further down
  translate();
  await compare();
  coverage(); targets(); lists();
}
function download(name, url) {
  const made = element("a", {href: url, download: name});
  document.body.append(made);
  made.click();
  made.remove();
}
field("csv").addEventListener("click", async () => {
  const item = byCode.get(choice.indicator);
  const rows = await rowsOf("annual", "indicator_code", choice.indicator);
  const columns = ["city", "year", "indicator_code", "value", "value_of", "value_urban", "value_rural", "rounded", "conflict", "certainty"];
  const cell = value => value === null || value === undefined ? "" : /[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  const lines = [columns.concat("unit", "per").join(","), ...rows.map(row => columns.map(name => cell(row[name])).concat(item.unit, item.per).join(","))];
  download(`${choice.indicator.replace(":", "_")}.csv`, URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], {type: "text/csv"})));
});
field("png").addEventListener("click", async () => {
  if (compare.view) download(`${choice.indicator.replace(":", "_")}.png`, await compare.view.toImageURL("png", 2));
});
field("indicator").addEventListener("focus", event => event.target.select());
field("indicator").addEventListener("change", event => {
  const found = indicatorOf(event.target.value);
  if (found) choice.indicator = found.indicator_code;
  compare();
});
field("place").addEventListener("change", event => {
  const place = event.target.value.trim();
  const known = content.everybody.map(each => each.city);
  const meant = known.includes(place) ? place : known.find(each => place && each.includes(place));
  event.target.value = "";
  if (meant && !choice.places.includes(meant)) choice.places = [...choice.places, meant];
  compare();
});
field("zero").addEventListener("change", event => { choice.zero = event.target.checked; compare(); });
field("year").addEventListener("change", event => { choice.year = Number(event.target.value); compare(); });
field("language").addEventListener("click", () => { language = language === "en" ? "zh" : "en"; show(); });
window.addEventListener("hashchange", () => { fromAddress(); show(); });
fromAddress();
show();

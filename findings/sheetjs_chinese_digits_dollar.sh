#!/usr/bin/env bash
# SheetJS shows a cell in Chinese digits as dollars.
# Valid input: 870 with the number format of Excel's category Special, Chinese (PRC), lower case: [DBNum1][$-804]General, shown as 八百七十.
# Guess: 八百七十, or 870 where the digits are not known.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
npm install --silent --no-audit --no-fund xlsx@0.18.5 >>npm.log
cat >probe.mjs <<'JS'
import XLSX from "xlsx";
const sheet = { A1: { t: "n", v: 870, z: "[DBNum1][$-804]General" }, "!ref": "A1" };
const book = { SheetNames: ["S"], Sheets: { S: sheet } };
const again = XLSX.read(XLSX.write(book, { type: "buffer", bookType: "xlsx" }), { cellNF: true });
const guess = "八百七十 or 870", seen = again.Sheets.S.A1.w, expected = "$870";
console.log("versions: xlsx", XLSX.version, "node", process.version);
console.log("guess:", guess);
console.log("seen: ", seen, "for", again.Sheets.S.A1.z);
process.exit(seen === expected ? 0 : (console.error("the behaviour has changed"), 1));
JS
node probe.mjs

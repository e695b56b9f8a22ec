#!/usr/bin/env bash
# Two formatters of spreadsheet numbers print the sign that a Chinese Excel uses as escape.
# Valid input: 432150000 with the number format 0!.0,"万元", by which Chinese sheets show ten thousands: ! lets the next character stand as it is, the comma
# scales by a thousand, and the escaped point takes the fourth digit.
# Guess: 43215.0万元, as Excel and WPS show it; at worst an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
npm install --silent --no-audit --no-fund xlsx@0.18.5 numfmt@3.2.6 >>npm.log
cat >probe.mjs <<'JS'
import XLSX from "xlsx";
import { format } from "numfmt";
import { readFileSync } from "node:fs";
const code = '0!.0,"万元"', value = 432150000;
const version = JSON.parse(readFileSync("node_modules/numfmt/package.json")).version;
const guess = { sheetjs: "43215.0万元", numfmt: "43215.0万元" };
const seen = { sheetjs: XLSX.SSF.format(code, value), numfmt: format(code, value) };
const expected = { sheetjs: "432150!.0万元", numfmt: "432150!.0万元" };
console.log("versions: xlsx", XLSX.version, "numfmt", version, "node", process.version);
console.log("guess:", guess);
console.log("seen: ", seen);
process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : (console.error("the behaviour has changed"), 1));
JS
node probe.mjs

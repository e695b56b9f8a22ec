#!/usr/bin/env bash
# SheetJS shows General"人" without its unit.
# Valid input: 870 with the number format General"人", and for comparison 0"人".
# Guess: 870人 for both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >npm.log
npm install --silent --no-audit --no-fund xlsx@0.18.5 >>npm.log
cat >probe.mjs <<'JS'
import XLSX from "xlsx";
const shown = (format) => XLSX.SSF.format(format, 870);
const guess = { 'General"人"': "870人", '0"人"': "870人" };
const seen = Object.fromEntries(Object.keys(guess).map((format) => [format, shown(format)]));
const expected = { 'General"人"': "870", '0"人"': "870人" };
console.log("versions: xlsx", XLSX.version, "node", process.version);
console.log("guess:", guess);
console.log("seen: ", seen);
process.exit(JSON.stringify(seen) === JSON.stringify(expected) ? 0 : (console.error("the behaviour has changed"), 1));
JS
node probe.mjs

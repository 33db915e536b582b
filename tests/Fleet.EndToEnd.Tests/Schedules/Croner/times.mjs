// The next times of cron expressions as croner has them: node times.mjs CASES COUNT
// CASES is a file with an array of [expression, time zone, from]; what is printed is an array of arrays of times.
import { readFileSync } from 'node:fs';
import { Cron } from 'croner';

const [file, count] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(file, 'utf8'));
const times = cases.map(([expression, timezone, from]) => new Cron(expression, { timezone }).nextRuns(Number(count), new Date(from)));
console.log(JSON.stringify(times));

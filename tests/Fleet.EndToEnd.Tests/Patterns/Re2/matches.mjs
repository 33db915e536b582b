// What RE2 itself finds: node matches.mjs CASES
// CASES is a file with an array of [pattern, [text, ...]]; printed is an array of "1", "0" by text, or "!" where RE2 knows no such pattern.
import { readFileSync } from 'node:fs';
import { RE2 } from 're2-wasm';

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const found = cases.map(([pattern, texts]) => {
  try {
    const one = new RE2(pattern, 'u');
    return texts.map(text => (one.test(text) ? '1' : '0')).join('');
  } catch {
    return '!';
  }
});
console.log(JSON.stringify(found));

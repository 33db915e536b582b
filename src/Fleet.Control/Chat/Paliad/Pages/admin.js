// What others wrote goes into the page as text alone.
async function call(path) {
  const answer = await fetch(path);
  if (answer.status === 404) location.assign('/sign-in');
  return answer.json();
}

function row(table, ...cells) {
  const line = document.getElementById(table).insertRow();
  for (const cell of cells) line.insertCell().textContent = cell ?? '';
}

const percent = (part) => (part === null ? '' : `${Math.round(part * 100)} %`);
const seconds = (ms) => (ms === null ? '' : `${(ms / 1000).toFixed(1)} s`);

const stats = await call('/api/admin/paliadin/stats');
row('stats', 'Turns', stats.totals.turns);
row('stats', 'Turns of the last 7 days', stats.last_7_days.turns);
row('stats', 'Duration, median', seconds(stats.duration_ms.median));
row('stats', 'Duration, 90 % are faster', seconds(stats.duration_ms.p90));
row('stats', 'Turns that used tools', percent(stats.tool_use.share));
row('stats', 'Abandoned', percent(stats.abandon_rate));
for (const [tag, count] of Object.entries(stats.classifier)) row('stats', `Classified as ${tag}`, count);
for (const prompt of stats.top_prompts) row('prompts', prompt.count, prompt.text);
for (const day of stats.daily) row('days', day.day, day.turns, day.completed);
for (const turn of await call('/api/admin/paliadin/turns')) {
  row('turns', turn.started_at, turn.page_origin, turn.user_message, turn.response, turn.error_code, seconds(turn.duration_ms));
}

// What others wrote goes into the page as text alone.
const session = localStorage.getItem('paliadin.session') ?? renew();
const turns = document.getElementById('turns');
const stop = document.getElementById('stop');
let running = null;

function renew() {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  localStorage.setItem('paliadin.session', id);
  return id;
}

function add(name, text) {
  const element = document.createElement('div');
  element.className = name;
  element.textContent = text;
  turns.append(element);
  element.scrollIntoView({ block: 'end' });
  return element;
}

async function call(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 404) location.assign('/sign-in');
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error ?? answer.statusText);
  return body;
}

function show(row, answer, note) {
  if (row.response) answer.textContent = row.response;
  const texts = { recovered: '', pending: 'Looking for the answer …', lost: 'There is no answer: please ask again.' };
  const cause = row.error_code && row.error_code !== 'late' ? `Ended early: ${row.error_code}` : '';
  note.textContent = [cause, texts[row.recovery_state] ?? ''].filter(Boolean).join(' ');
}

function done(id) {
  if (running === id) running = null;
  stop.disabled = running === null;
}

async function recover(id, answer, note) {
  try {
    const row = await call(`/api/paliadin/turns/${id}/recover`);
    show(row, answer, note);
    if (row.recovery_state !== 'pending') return done(id);
  } catch (failure) {
    note.textContent = failure.message;
  }
  setTimeout(() => recover(id, answer, note), 3000);
}

function follow(id, answer, note) {
  running = id;
  stop.disabled = false;
  answer.textContent = '';
  const source = new EventSource(`/api/paliadin/stream/${id}`);
  source.addEventListener('thinking', (event) => {
    note.textContent = `Thinking, ${JSON.parse(event.data).elapsed_seconds} s`;
  });
  source.addEventListener('content', (event) => {
    const said = JSON.parse(event.data);
    note.textContent = '';
    answer.append(said.delta ?? said.text);
  });
  source.addEventListener('end', () => {
    source.close();
    note.textContent = '';
    done(id);
  });
  source.addEventListener('error', (event) => {
    if (!event.data && source.readyState !== EventSource.CLOSED) return; // it comes back by itself
    source.close();
    recover(id, answer, note);
  });
}

async function restore() {
  for (const row of await call(`/api/paliadin/history?session=${encodeURIComponent(session)}&limit=200`)) {
    add('question', row.user_message);
    const [answer, note] = [add('answer', ''), add('note', '')];
    if (row.finished_at) show(row, answer, note);
    else follow(row.turn_id, answer, note);
  }
}

document.getElementById('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = document.getElementById('message');
  const text = field.value;
  const [, answer, note] = [add('question', text), add('answer', ''), add('note', '')];
  try {
    const asked = await call('/api/paliadin/turn', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user_message: text, session_id: session, page_origin: location.pathname }),
    });
    field.value = '';
    follow(asked.turn_id, answer, note);
  } catch (failure) {
    note.textContent = failure.message;
  }
});

stop.addEventListener('click', () => {
  if (running) call(`/api/paliadin/turns/${running}/cancellation`, { method: 'POST' });
});

document.getElementById('reset').addEventListener('click', async () => {
  await call('/api/paliadin/reset', { method: 'POST' });
  renew();
  location.reload();
});

await restore();

// What the pages need of the browser: the connection, colours, shortcuts, and logs that come faster than pages are drawn.
'use strict';

window.fleet = (() => {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const logs = new Map();
  const mostLines = 5000;
  let prefix = '';

  const isDark = () => {
    const chosen = localStorage.getItem('fleet.dark');
    return chosen === null ? dark.matches : chosen === 'true';
  };

  const setDark = (on) => {
    localStorage.setItem('fleet.dark', on);
    document.documentElement.dataset.theme = on ? 'dark' : 'light';
  };

  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';

  const go = (page) => window.Blazor.navigateTo(new URL(page, document.baseURI).href);

  const pages = { o: './', j: 'jobs', e: 'executions', x: 'experiments', n: 'notebooks', a: 'agents', s: 'schedules', b: 'backups', c: 'chat', m: 'models', w: 'webhooks', q: 'queues' };

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
    if (event.key === 'Escape' && typing) typing.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (prefix === 'g' && pages[event.key]) {
      event.preventDefault();
      go(pages[event.key]);
    } else if (event.key === '/') {
      const search = document.querySelector('[data-search]');
      if (search) {
        event.preventDefault();
        search.focus();
        search.select?.();
      }
    }
    prefix = event.key === 'g' ? 'g' : '';
  });

  // Lines are [[text, classes], …]; all of it becomes text nodes and class names, never markup.
  const drawn = (line) => {
    const row = document.createElement('div');
    row.className = line.c;
    for (const [text, look] of line.s) {
      const piece = document.createElement('span');
      piece.textContent = text;
      if (/^[a-z0-9 ]+$/.test(look)) piece.className = look;
      row.append(piece);
    }
    if (line.s.length === 0) row.append('\u00a0');
    return row;
  };

  const openLog = (id, box) => {
    const log = { box, follows: true, dropped: 0 };
    box.addEventListener('scroll', () => {
      log.follows = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    }, { passive: true });
    logs.set(id, log);
  };

  // The rest is the line that has not ended; it is drawn anew each time.
  const addLog = (id, lines, rest, dropped) => {
    const log = logs.get(id);
    if (!log) return;
    log.rest?.remove();
    const part = document.createDocumentFragment();
    for (const line of lines) part.append(drawn(line));
    log.rest = rest ? drawn(rest) : null;
    if (log.rest) part.append(log.rest);
    log.box.append(part);
    log.dropped += dropped;
    while (log.box.childElementCount > mostLines) {
      log.box.firstElementChild.remove();
      log.dropped++;
    }
    log.box.dataset.dropped = log.dropped;
    log.box.dataset.last = Date.now();
    if (log.follows) log.box.scrollTop = log.box.scrollHeight;
  };

  const clearLog = (id) => {
    const log = logs.get(id);
    if (!log) return;
    log.box.replaceChildren();
    log.dropped = 0;
    log.rest = null;
    log.follows = true;
  };

  const findInLog = (id, text) => {
    const log = logs.get(id);
    if (!log) return 0;
    let found = 0;
    let last = null;
    for (const row of log.box.children) {
      const has = text !== '' && row.textContent.toLowerCase().includes(text.toLowerCase());
      row.classList.toggle('found', has);
      if (has) {
        found++;
        last = row;
      }
    }
    if (last) {
      log.follows = false;
      last.scrollIntoView({ block: 'center' });
    }
    return found;
  };

  const followLog = (id) => {
    const log = logs.get(id);
    if (!log) return;
    log.follows = true;
    log.box.scrollTop = log.box.scrollHeight;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  };

  const save = async (name, stream) => {
    const url = URL.createObjectURL(new Blob([await stream.arrayBuffer()], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const toEnd = (box) => { box.scrollTop = box.scrollHeight; };

  return { isDark, setDark, openLog, addLog, clearLog, findInLog, followLog, closeLog: (id) => logs.delete(id), copy, save, toEnd };
})();

(() => {
  const sign = document.getElementById('connection');
  let wait = null;

  // A console that was started again does not know this page any more: the page is loaded anew, and goes on.
  const reload = async () => {
    for (;;) {
      try {
        const answer = await fetch(new URL('health/ready', document.baseURI), { cache: 'no-store' });
        if (answer.ok) break;
      } catch {
        // not yet
      }
      await new Promise((resolve) => { setTimeout(resolve, 700); });
    }
    location.reload();
  };

  const handler = {
    onConnectionDown: () => {
      sign.hidden = false;
      wait ??= (async () => {
        for (let tries = 0; ; tries++) {
          try {
            if (await window.Blazor.reconnect()) break;
            await reload();
            return;
          } catch {
            await new Promise((resolve) => { setTimeout(resolve, Math.min(300 + tries * 300, 3000)); });
          }
        }
        sign.hidden = true;
        wait = null;
      })();
    },
    onConnectionUp: () => { sign.hidden = true; },
  };

  window.Blazor.start({ circuit: { reconnectionHandler: handler } }).catch(reload);
})();

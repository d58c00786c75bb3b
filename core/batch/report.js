(() => {
  'use strict';
  const table = document.getElementById('all');
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const form = document.getElementById('filter');
  const words = document.getElementById('words');
  const state = document.getElementById('state');
  const found = document.getElementById('found');
  const number = new Intl.NumberFormat('en');

  let texts;
  const textOf = (row) => [row.querySelector('.repo'),
    row.querySelector('summary')].map((x) => x ? x.textContent : '')
    .join(' ').toLowerCase();

  const filter = () => {
    texts = texts || new Map(rows.map((row) => [row, textOf(row)]));
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = (!state.value || row.dataset.state === state.value) &&
        wanted.every((word) => texts.get(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    found.textContent = shown === rows.length ? ''
      : `${number.format(shown)} of ${number.format(rows.length)} tasks`;
  };

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return 'v' in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
  };

  const sort = (head, column) => {
    const down = head.getAttribute('aria-sort') === 'ascending' ||
      (head.classList.contains('num') && !head.hasAttribute('aria-sort'));
    for (const other of head.parentNode.cells)
      other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const collator = new Intl.Collator('en', { numeric: true });
    const keyed = rows.map((row) => [valueOf(row, column), row]);
    keyed.sort(([a], [b]) =>
      typeof a === 'number' ? a - b : collator.compare(a, b));
    if (down)
      keyed.reverse();
    body.append(...keyed.map(([, row]) => row));
  };

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.addEventListener('click', () => sort(head, column));
    head.append(button);
  });

  let waiting = 0;
  words.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  state.addEventListener('change', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;

  // A link to a task shows it, whatever is filtered.
  const visit = () => {
    const row = document.getElementById(
      decodeURIComponent(location.hash.slice(1)));
    if (!row || !rows.includes(row))
      return;
    if (row.hidden) {
      words.value = state.value = '';
      filter();
    }
    const more = row.querySelector('details');
    if (more)
      more.open = true;
    row.scrollIntoView();
  };
  window.addEventListener('hashchange', visit);
  visit();
})();

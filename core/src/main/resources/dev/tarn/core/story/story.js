'use strict';
(() => {
  const all = [...document.querySelectorAll('details.node')];
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === 'DETAILS') {
      target.hidden = false;
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener('hashchange', reveal);
  reveal();

  document.querySelector('.tools').hidden = false;
  const filter = document.querySelector('#filter');
  const count = document.querySelector('#count');
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const node of all) {
      node.hidden = !words.every(word => node.dataset.find.includes(word));
      shown += node.hidden ? 0 : 1;
    }
    count.textContent = words.length ? shown + ' of ' + all.length : '';
  };
  filter.addEventListener('input', show);
  document.querySelector('#expand').addEventListener('click', () => all.forEach(node => { node.open = !node.hidden; }));
  document.querySelector('#collapse').addEventListener('click', () => all.forEach(node => { node.open = false; }));
  addEventListener('keydown', event => {
    if (event.key === '/' && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      filter.focus();
    }
  });

  const graph = document.querySelector('.graph');
  const failed = graph.querySelector('a.bad');
  if (failed) {
    const box = failed.getBoundingClientRect();
    const frame = graph.getBoundingClientRect();
    graph.scrollTo(box.x - frame.x - graph.clientWidth / 2, box.y - frame.y - graph.clientHeight / 2);
  }

  for (const box of document.querySelectorAll('.graph a')) {
    const edges = document.querySelectorAll('.graph [data-from="' + box.dataset.node + '"], .graph [data-to="' + box.dataset.node + '"]');
    const light = on => edges.forEach(edge => edge.classList.toggle('lit', on));
    box.addEventListener('mouseenter', () => light(true));
    box.addEventListener('mouseleave', () => light(false));
    box.addEventListener('focus', () => light(true));
    box.addEventListener('blur', () => light(false));
  }
})();

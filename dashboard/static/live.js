// Puts newer figures into the page in place; without it the page loads itself again.
(() => {
  "use strict";
  const { every, stream, tag: first } = document.currentScript.dataset;
  let tag = first, listens = !!stream, shown = Date.now(), missed = 0, source, timer;

  const parts = (page) => [...page.querySelectorAll("[data-live]")];
  const shape = (page) => [...parts(page).map((one) => one.dataset.live), page.querySelector("[data-tag]").src] + "";

  const show = async (found) => {
    const answer = await fetch(location, { headers: { "Minga-Live": "1" } });
    // A visit has ended meanwhile.
    if (answer.status === 401) return location.reload();
    if (!answer.ok) throw answer.status;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Another state, or a newer Minga.
    if (shape(page) !== shape(document)) return location.reload();
    const old = parts(document);
    parts(page).forEach((one, at) => {
      old[at].parentNode.className = one.parentNode.className;
      if (one.outerHTML === old[at].outerHTML) return;
      old[at].replaceWith(one);
      if (!matchMedia("(prefers-reduced-motion)").matches) one.animate({ opacity: [0.4, 1] }, 150);
    });
    shown = Date.now();
    tag = found;
  };

  const ask = async () => {
    const answer = await fetch("/api/v1/now", { cache: "no-store", headers: { "If-None-Match": tag } });
    if (answer.ok) await show(answer.headers.get("ETag"));
    else if (answer.status !== 304) throw answer.status;
  };

  const listen = () => {
    source = new EventSource(stream);
    source.addEventListener("now", ({ lastEventId: found }) => found === tag || show(found).catch(() => missed++));
    source.onerror = () => {
      missed++;
      // Every place is taken: from now on it asks.
      if (source.readyState === 2) source = listens = null;
    };
  };

  const tick = async () => {
    try {
      if (!listens) await ask();
      else if (!source) listen();
      else if (source.readyState === 1) missed = 0;
      if (Date.now() - shown > 6e4) await show(tag);
      if (!source) missed = 0;
    } catch {
      missed++;
    }
    for (const one of document.querySelectorAll("[data-lost]")) one.hidden = missed < 2;
    timer = setTimeout(tick, 1e3 * every);
  };

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (source) source = source.close();
    if (!document.hidden) tick();
  });
  if (!document.hidden) timer = setTimeout(tick, 1e3 * every);
})();

// Every kind of page that a visitor can reach by links, each kind once.
//
//   for await (const found of crawl(page, ['/taches'])) { found.address, found.kind, found.opened }
//
// A kind is an address without what differs from project to project; each action's form is a kind of
// its own. Only links are followed: nothing changes on the way. A page that `isNew` knows by its words
// is not opened by the browser, but its links are followed.
import { linksOf } from './atlas.mjs';

export function kindOf(address) {
  const [path, query = ''] = address.split('?');
  const keys = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=')[0])
    .sort()
    .join('&');
  const kind = path
    .replace(/AIG-\d{4}-\d{4,}/, '{number}')
    .replace(/^\/(personnes|courriels|fichiers)\/\d+/, '/$1/{id}')
    .replace(/^\/appels\/[^/]+/, '/appels/{call}')
    .replace(/(\/documents\/[^/]+)\/\d+/, '$1/{version}')
    .replace(/^\/pilotage\/quarantaine\/\d+/, '/pilotage/quarantaine/{dossier}')
    .replace(/^\/annonces\/[^/]+/, '/annonces/{token}')
    .replace(/^\/connexion\/.+/, '/connexion/{token}');
  return keys ? `${kind}?${keys}` : kind;
}

// What is not a page: downloads and drawings have no document to look at.
const isPage = (address) =>
  !/^\/(fichiers|assets)\/|\.(svg|ics|atom|xml|json|csv|xlsx|ods|md|html)(\?|$)/.test(address);

export async function* crawl(page, starts, { seen = new Map(), limit = 150, isNew = () => true } = {}) {
  const queue = [...starts];
  const queued = new Set(queue);
  const { origin } = new URL(page.url());
  const cookies = await page.context().cookies(); // Secure ones too: this is loopback
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  let visited = 0;
  while (queue.length > 0 && visited < limit) {
    const address = queue.shift();
    const kind = kindOf(address);
    if (seen.has(kind)) continue;
    seen.set(kind, 1);
    const answer = await fetch(origin + address, { headers: { cookie } });
    visited += 1;
    const taken = (answer.headers.get('content-disposition') ?? '').startsWith('attachment');
    if (taken || !(answer.headers.get('content-type') ?? '').startsWith('text/html')) {
      await answer.body?.cancel();
      continue;
    }
    const html = await answer.text();
    const opened = isNew(html);
    if (opened) await page.goto(address);
    yield { address, kind, opened };
    for (const link of linksOf(html, origin)) {
      if (!queued.has(link) && isPage(link)) {
        queued.add(link);
        queue.push(link);
      }
    }
  }
}

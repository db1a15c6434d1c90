// Every kind of page that a visitor can reach by links, each kind once or twice.
//
//   for await (const found of crawl(page, ['/taches'])) { found.address, found.kind, found.html }
//
// A kind is an address without what differs from project to project; each action's form is a kind of
// its own. Only links are followed: nothing changes on the way.

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

export async function* crawl(page, starts, { perKind = 1, seen = new Map(), limit = 150 } = {}) {
  const queue = [...starts];
  const queued = new Set(queue);
  let visited = 0;
  while (queue.length > 0 && visited < limit) {
    const address = queue.shift();
    const kind = kindOf(address);
    if ((seen.get(kind) ?? 0) >= perKind) continue;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    const response = await page.goto(address);
    visited += 1;
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    yield { address, kind, status: response.status(), html: await response.text() };
    for (const link of await linksOf(page)) {
      if (!queued.has(link) && isPage(link)) {
        queued.add(link);
        queue.push(link);
      }
    }
  }
}

async function linksOf(page) {
  const origin = new URL(page.url()).origin;
  const all = await page.locator('a[href]').evaluateAll((links) => links.map((link) => link.href));
  return all
    .filter((href) => href.startsWith(`${origin}/`) && !href.includes('#'))
    .map((href) => href.slice(origin.length));
}

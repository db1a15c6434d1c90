// Every page that a person can open, found by following links from the product's own list of routes.
//
//   const atlas = Atlas.of(product);
//   atlas.placeOf('/projets/AIG-2026-0042?onglet=dates')
//       -> { route: '/projets/{number}', page: '/projets/{number}?onglet=dates' }
//   await atlas.walk(visitor, url)       -> Map page -> [{ address, route, html, sandboxed }, …]
//
// A page is an address without what differs from project to project: its tabs, the form of each
// action and each form on paper are pages of their own.

// What tells one page from another within a route.
const telling = new Set(['action', 'form', 'panel']);

export class Atlas {
  static of(product) {
    const atlas = new Atlas();
    const { routes, rules } = product.json('access');
    atlas.rules = new Map(rules.map((one) => [one.rule, one]));
    atlas.routes = routes.map((one) => ({
      ...one,
      names: [...one.pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      shape: new RegExp(`^${one.pattern.replace(/\{\w+\}/g, '([^/]+)').replaceAll('.', '\\.')}$`),
    }));
    return atlas;
  }

  gets() {
    return this.routes.filter((one) => one.method === 'GET');
  }

  // Those with fewer names first: « /courriels.csv » is not « /{anything} ».
  routeOf(path, method = 'GET') {
    const fitting = this.routes.filter((one) => one.method === method && one.shape.test(path));
    return fitting.sort((a, b) => a.names.length - b.names.length)[0];
  }

  placeOf(address, method = 'GET') {
    const { pathname, searchParams } = new URL(address, 'http://127.0.0.1');
    const path = decodeURIComponent(pathname);
    const route = this.routeOf(path, method);
    if (!route) return { route: 'nowhere', page: 'nowhere' };
    const values = path.match(route.shape).slice(1);
    let page = route.pattern;
    route.names.forEach((name, i) => {
      if (telling.has(name)) page = page.replace(`{${name}}`, values[i]);
    });
    if (searchParams.has('onglet')) page += `?onglet=${searchParams.get('onglet')}`;
    else if ([...searchParams.keys()].some((key) => key !== 'tache')) page += '?…';
    return { route: route.pattern, page };
  }

  // Whether the table opens this route to a role, as far as the role alone tells.
  opensTo(route, role) {
    const rule = this.rules.get(route.rule);
    if (route.object !== '' && rule.roles.length === 0) return undefined; // the object tells
    if (rule.rule === 'holds_link' || rule.rule === 'meters') return undefined;
    if (!rule.account) return true;
    if (role === 'public') return false;
    return rule.roles.length === 0 || rule.roles.includes(role);
  }

  // Plain requests, a few of each page: hundreds of them take seconds. What answers otherwise than by
  // a page (a file, another address) is told apart: `elsewhere`.
  async walk(visitor, url, more = [], perPage = 3) {
    const found = new Map();
    found.elsewhere = new Set();
    const queue = [
      ...this.gets()
        .filter((one) => one.names.length === 0)
        .map((one) => one.pattern),
      ...more,
    ];
    const queued = new Set(queue);
    const asked = new Map();
    while (queue.length > 0) {
      const address = queue.shift();
      const { page, route } = this.placeOf(address);
      if (route === 'nowhere' || (asked.get(page) ?? 0) >= perPage) continue;
      asked.set(page, (asked.get(page) ?? 0) + 1);
      const answer = await fetch(url + address, {
        headers: { cookie: visitor.cookie },
        redirect: 'manual',
      });
      const taken = (answer.headers.get('content-disposition') ?? '').startsWith('attachment');
      if (taken || !(answer.headers.get('content-type') ?? '').startsWith('text/html')) {
        await answer.body?.cancel();
        found.elsewhere.add(route);
        continue;
      }
      const html = await answer.text();
      if (answer.status >= 300 && answer.status < 400) found.elsewhere.add(route);
      if (answer.status !== 200 && !page.includes('{token}')) continue; // a link that is over is a page
      if (!found.has(page)) found.set(page, []);
      const sandboxed = /\bsandbox\b/.test(answer.headers.get('content-security-policy') ?? '');
      found.get(page).push({ address, route, html, sandboxed });
      for (const link of linksOf(html, url)) {
        if (queued.has(link)) continue;
        queued.add(link);
        queue.push(link);
      }
    }
    return found;
  }
}

// The forms of a page that post something typed; `bare` are those with a button only.
export function formsOf(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)]
    .filter(([, head]) => /method="post"/.test(head))
    .map(([, head, body]) => ({
      action: plain(head.match(/action="([^"]*)"/)?.[1] ?? ''),
      bare: !/<(?:select|textarea|input (?!type="hidden"))/.test(body),
    }));
}

const plain = (text) => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'").replaceAll('&quot;', '"');

export function linksOf(html, url) {
  return [...html.matchAll(/<(?:a|iframe|img)\b[^>]*?\b(?:href|src)="([^"#]+)/g)]
    .map(([, link]) => plain(link))
    .map((link) => (link.startsWith(`${url}/`) ? link.slice(url.length) : link))
    .filter((link) => link.startsWith('/') && !link.startsWith('//'));
}

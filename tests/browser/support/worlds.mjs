// The two records that pages are looked at in: the demo, furnished with what its story leaves out,
// and a call that nothing has happened to yet.
//
//   const world = await filledWorld(chromium);   // .product .url .people: [{ role, cookie }, …] .more
//   const world = await emptyWorld(chromium);
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { newVisit } from './browser.mjs';
import { Demo } from './demo.mjs';
import { FormFiller } from './form_filler.mjs';
import { Product, root } from './product.mjs';

export const roles = [
  'public',
  'program_admin',
  'case_officer',
  'auditor',
  'collection_lead',
  'reviewer',
  'committee_chair',
  'committee_member',
  'project_holder',
  'co_holder',
  'designer',
  'integrator',
];

const visitor = { role: 'public', cookie: '', cookies: [] };

async function logIn(chromium, url, link) {
  const visit = await newVisit(chromium, url);
  await visit.page.goto(link);
  await visit.page.getByRole('main').getByRole('button', { name: 'Se connecter' }).click();
  await visit.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  const cookies = await visit.context.cookies();
  await visit.close();
  return { cookies, cookie: cookies.map((one) => `${one.name}=${one.value}`).join('; ') };
}

async function asOne(chromium, world, role, body) {
  const visit = await newVisit(chromium, world.url);
  await visit.context.addCookies(world.people.find((one) => one.role === role).cookies);
  try {
    return await body(visit.page);
  } finally {
    await visit.close();
  }
}

// What only Démarches Simplifiées, a crash or a mistaken clock bring about, written as they would.
const mishaps = `
import json, sqlite3, sys
record, mine, said = sys.argv[1:]
db = sqlite3.connect(record, timeout=30)
at = db.execute("select max(at) from committee_session").fetchone()[0]
one, other = (db.execute("select id from project where number = ?", (n,)).fetchone()[0] for n in (mine, said))
row = db.execute("select id from outbox where project = ? limit 1", (other,)).fetchone()[0]
for kind in ("ds_refused", "ds_correction", "ds_deleted", "timer", "rails", "invariant"):
    for closed in (0, at):
        db.execute("insert into incident (project, kind, sentence, at, closed_at, choice, reason)"
                   " values (?, ?, ?, ?, ?, ?, ?)",
                   (one, kind, "Démarches Simplifiées a répondu : « Le dossier est déjà en instruction »", at,
                    closed, "mended" if closed else "", "Vu avec l’instructeur." if closed else ""))
here = {"state": "accepte", "motivation": "Besoin établi.", "by": "", "at": at}
there = {"state": "refuse", "motivation": "Doublon d’un parcours existant.", "by": "agent@exemple.invalid", "at": at}
for project, outbox in ((one, 0), (other, row)):
    db.execute("insert into ds_conflict (project, outbox, here, there, opened_at, closed_at, choice, reason)"
               " values (?, ?, ?, ?, ?, 0, '', '')", (project, outbox, json.dumps(here), json.dumps(there), at))
    db.execute("insert into task (project, state, action, label, role, assignee, since_at, due_at, version, status,"
               " closed_at) select ?, '', 'ds.conflict', 'Trancher un désaccord avec Démarches Simplifiées', role,"
               " assignee, ?, 0, 1, 'open', 0 from task where role = 'program_admin' limit 1", (project, at))
db.execute("insert into ds_conflict (project, outbox, here, there, opened_at, closed_at, closed_by, choice, reason)"
           " values (?, 0, ?, ?, ?, ?, 1, 'theirs', 'Vu au téléphone.')",
           (one, json.dumps(here), json.dumps(there), at, at))
db.commit()
`;

function befall(world, numbers) {
  const record = join(world.product.settings.DATA_DIR, 'aiguillage.db');
  const done = spawnSync('/usr/bin/python3', ['-c', mishaps, record, ...numbers], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`The mishaps could not be written:\n${done.stderr}`);
}

// Opened by who runs the project, one of them answered by seven trainees; gives the open link.
async function survey(chromium, world, number) {
  const link = await asOne(chromium, world, 'program_admin', async (page) => {
    let last;
    for (let i = 0; i < 2; i += 1) {
      await page.goto(`/projets/${number}/enquetes`);
      await page
        .getByRole('button', { name: /^Ouvrir l’enquête/ })
        .first()
        .click();
      last ??= (await page.locator('main code').innerText()).replace(world.url, '');
    }
    return last;
  });
  const filler = new FormFiller(
    join(root, 'workflows/definitions'),
    'mentor',
    world.product.folder,
  );
  const visit = await newVisit(chromium, world.url);
  for (let i = 0; i < 7; i += 1) {
    await visit.page.goto(link);
    const texts = visit.page.locator('main textarea');
    await filler.fill(visit.page, 'survey');
    if ((await texts.count()) > 0) await texts.first().fill('Clair et utile ; un peu long.');
    await visit.page.getByRole('button', { name: 'Envoyer ma réponse' }).click();
    await visit.page.getByText('jamais seule').waitFor();
  }
  await visit.close();
  return link;
}

// One decision prepared and not published; gives the pages that only a GET form leads to.
async function prepare(chromium, world) {
  return asOne(chromium, world, 'committee_chair', async (page) => {
    await page.goto('/comite');
    await page.locator('main tbody a').first().click();
    const sitting = new URL(page.url()).pathname;
    const boxes = await page
      .locator('main input[name=projet][id^=p-]')
      .evaluateAll((all) => all.map((one) => one.value));
    await page.goto(`${sitting}/decisions?projet=${boxes[0]}&action=committee.select`);
    const filler = new FormFiller(
      join(root, 'workflows/definitions'),
      'mentor',
      world.product.folder,
    );
    await filler.fill(page, 'committee_decision');
    await page.getByRole('button', { name: 'Préparer sans publier' }).click();
    await page.waitForLoadState();
    if ((await page.getByRole('alert').count()) > 0)
      throw new Error(`No decision could be prepared: ${await page.locator('main').innerText()}`);
    const ticked = boxes.map((one) => `projet=${one}&`).join('');
    return [
      `${sitting}/decisions?${ticked}action=committee.reject`,
      `${sitting}/decisions?${ticked}action=waitlist.promote`,
      `${sitting}/publication`,
      `${sitting}/proces-verbal`,
    ];
  });
}

// An act whose mail still waits for its grace to be over: it can be put in other words.
// One that can be put in other words, and one that can be sent again.
async function mailThatWaits(chromium, world, number) {
  const done = await asOne(chromium, world, 'case_officer', async (page) => {
    await page.goto(`/projets/${number}/actions/admissibility.start`);
    await page.locator('main form button[value=act]').click();
    await page.waitForLoadState();
    return page.url().replace(world.url, ''); // tells what was done, and takes it back
  });
  return asOne(chromium, world, 'program_admin', async (page) => {
    await page.goto('/courriels?etat=pending&genre=mail');
    const href = await page.locator('main a[href^="/courriels/"]').first().getAttribute('href');
    await page.goto('/courriels?etat=sent&genre=mail&q=AIG-');
    const sent = await page.locator('main a[href^="/courriels/"]').first().getAttribute('href');
    return [done, href, `${href}/recrire`, sent];
  });
}

// What a pilot leaves behind in a week: an absence of theirs and of a colleague, a mapping put right, a
// second browser; a holder's draft.
async function habits(chromium, world, absent) {
  const absentee = await asOne(chromium, world, 'program_admin', async (page) => {
    await page.goto('/personnes');
    const colleague = await page
      .getByRole('link', { name: absent, exact: true })
      .first()
      .getAttribute('href');
    for (const address of ['/compte', colleague]) {
      await page.goto(address);
      await page.locator('main summary', { hasText: 'Déclarer une absence' }).click();
      await page.locator('[name=du]').fill('2099-07-01');
      await page.locator('[name=au]').fill('2099-07-31');
      await page.locator('[name=remplacant]').fill('nadia.belkacem@exemple.invalid');
      await page.getByRole('button', { name: 'Déclarer cette absence' }).click();
      await page.getByRole('button', { name: /^Mettre fin à l’absence/ }).waitFor();
    }
    await page.goto('/appels/mentor-2025/correspondance');
    await page.getByRole('button', { name: 'Enregistrer la correspondance' }).click();
    await page.waitForLoadState();
    return colleague;
  });
  await asOne(chromium, world, 'project_holder', async (page) => {
    await page.goto('/taches');
    await page.locator('main a[href*="/actions/"]').first().click();
    await page.locator('main form textarea, main form input[type=text]').first().fill('À finir.');
    await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
    await page.waitForLoadState();
  });
  return absentee;
}

// The addresses that only mails hold: signed with the record's own secret, or kept as a digest.
function mailed(world) {
  const record = join(world.product.settings.DATA_DIR, 'aiguillage.db');
  const script = `
import hashlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
secret = db.execute("select value from setting where name = 'mail.unsubscribe_secret'").fetchone()[0]
def signed(what, number):
    text = f"{secret}\\n{what}{number}\\n{secret}"
    return f"{number}-" + hashlib.sha256(text.encode()).hexdigest()[:32]
call = db.execute("select id from call where status <> 'draft'").fetchone()[0]
def subscriber(address, token, confirmed):
    return db.execute("insert into call_subscriber (call, address, token_hash, asked_at, confirmed_at)"
        " values (?, ?, ?, unixepoch() * 1000, ?) returning id",
        (call, address, hashlib.sha256(token.encode()).hexdigest(), confirmed)).fetchone()[0]
subscriber("ana@exemple.invalid", "a-confirmer", 0)
told = subscriber("bob@exemple.invalid", "confirmee", 1)
db.commit()
print("/desabonnement/" + signed("", 1))
print("/annonces/a-confirmer")
print("/annonces/" + signed("call ", told) + "/fin")`;
  const said = spawnSync('python3', ['-c', script, record], { encoding: 'utf8' });
  if (said.status !== 0) throw new Error(`Expected signed addresses:\n${said.stderr}`);
  return said.stdout.trim().split('\n');
}

// A list that its reader keeps, an address of one's calendar, a key for a program, a call's message in
// other words.
async function keep(chromium, world) {
  await asOne(chromium, world, 'program_admin', async (page) => {
    await page.goto('/projets?retard=1');
    await page.getByText('Garder cette liste').click();
    await page.locator('[name=nom]').fill('En retard');
    await page.getByRole('button', { name: 'Garder', exact: true }).click();
    await page.goto('/compte');
    await page.getByRole('button', { name: 'Créer mon adresse' }).click();
    await page.getByRole('button', { name: 'Supprimer l’adresse' }).waitFor();
    await page.locator('#cle-nom').fill('Tableur du comité');
    await page.getByRole('button', { name: 'Créer une clé' }).click();
    await page.getByRole('button', { name: 'Supprimer la clé Tableur du comité' }).waitFor();
    await page.goto('/appels/mentor-2025/courriels/suspended');
    await page.locator('[name=subject]').fill('[{{number}}] Votre projet est suspendu');
    await page.getByRole('button', { name: 'Enregistrer ce texte' }).click();
    await page.getByRole('button', { name: 'Revenir au texte d’origine' }).waitFor();
  });
}

export async function filledWorld(chromium) {
  const demo = await Demo.start();
  const { product, url } = demo;
  const world = { name: 'filled', product, url, people: [visitor], stop: () => demo.stop() };
  const listed = product.json('project', 'list');
  const published = listed.find((one) => /evaluation_hot/.test(JSON.stringify(one)));
  const helper = 'camille.rey@exemple.invalid';
  product.json(
    ...['user', 'add', '--email', helper, '--name', 'Camille Rey', '--role', 'co_holder'],
    ...['--scope', `project:${published.number}`],
  );
  const more = {
    auditor: 'victor.lemoine@exemple.invalid',
    committee_member: 'solene.guillou@exemple.invalid',
    co_holder: helper,
  };
  const links = [
    ...demo.links,
    ...Object.entries(more).map(([role, email]) => [
      role,
      product.json('user', 'link', '--email', email).url,
    ]),
  ];
  for (const [role, link] of links)
    world.people.push({ role, ...(await logIn(chromium, url, link)) });
  await logIn(chromium, url, demo.link('program_admin'));
  const absentee = await habits(chromium, world, 'Étienne Roussel');
  const [one, other] = listed.filter((project) => /lead_review/.test(JSON.stringify(project)));
  const unread = listed.find((project) => /admissibility_check/.test(JSON.stringify(project)));
  befall(world, [one.number, other.number]);
  await keep(chromium, world);
  world.more = [
    await survey(chromium, world, published.number),
    '/enquete/0123456789abcdef0123456789abcdef',
    '/mon-calendrier/0123456789abcdef0123456789abcdef.ics',
    ...(await prepare(chromium, world)),
    ...(await mailThatWaits(chromium, world, unread.number)),
    ...[one, other].map(({ number }) => `/projets/${number}/desaccord`),
    absentee,
    ...mailed(world),
    `/projets/${unread.number}`,
    '/connexion/0123456789abcdef0123456789abcdef',
    new URL(product.json('user', 'link', '--email', helper).url).pathname,
  ];
  return world;
}

export async function emptyWorld(chromium) {
  const product = await Product.make('empty');
  const world = { name: 'empty', product, url: product.url, people: [visitor], more: [] };
  const links = roles
    .filter((role) => role !== 'public')
    .map((role) => {
      const email = `${role}@exemple.invalid`;
      product.json('user', 'add', '--email', email, '--name', `Personne ${role}`, '--role', role);
      return [role, product.json('user', 'link', '--email', email).url];
    });
  product.json('call', 'add', '--id', 'vide', '--definition', 'mentor');
  await product.serve();
  world.stop = () => product.stop();
  for (const [role, link] of links)
    world.people.push({ role, ...(await logIn(chromium, product.url, link)) });
  const sitting = await asOne(chromium, world, 'committee_chair', async (page) => {
    await page.goto('/comite');
    await page.locator('main [name=date]').fill('2027-03-02');
    await page.getByRole('button', { name: 'Créer la séance' }).click();
    return new URL(page.url()).pathname;
  });
  world.more = [`${sitting}/publication`, `${sitting}/proces-verbal`, `${sitting}/decisions`];
  return world;
}

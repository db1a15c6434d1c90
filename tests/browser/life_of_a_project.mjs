// The main job, end to end, in a real browser: a dossier of Démarches Simplifiées becomes a published,
// evaluated training. Everybody logs in by the link of a mail that a real SMTP server received.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkEndings } from './life_endings.mjs';
import * as story from './story.mjs';
import { openChromium } from './support/browser.mjs';
import { FormFiller } from './support/form_filler.mjs';
import { keyboard, mouse } from './support/hands.mjs';
import { Mailbox } from './support/mailbox.mjs';
import { Peer } from './support/peer.mjs';
import { Person } from './support/person.mjs';
import { waitFor } from './support/process.mjs';
import { Product, root, workFolder } from './support/product.mjs';

const definitions = join(root, 'workflows/definitions');

// The subject a template gives, as a pattern: what only the server knows may be anything.
function subjectOf(template, project) {
  const [first] = readFileSync(
    join(definitions, `mentor/mails/${template}.txt.mustache`),
    'utf8',
  ).split('\n');
  const literal = first
    .replace(/^Objet\s*:\s*/, '')
    .replace('{{number}}', project.number)
    .replace('{{title}}', project.title);
  const pattern = literal
    .split(/\{\{[^}]*\}\}/)
    .map((one) => one.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`);
}

class World {
  static async open(seed, hands) {
    const world = new World();
    world.peer = await Peer.start(seed, 12);
    const scratch = workFolder(`life-${seed}`);
    world.mailbox = await Mailbox.open(join(scratch, 'mails'));
    world.product = await Product.make(`life-${seed}`, {
      ...world.mailbox.settings,
      ...(await world.peer.settings()),
      DS_POLL_SECONDS: '1',
    });
    world.filler = new FormFiller(definitions, 'mentor', scratch, { hands });
    world.chromium = await openChromium();
    world.expected = [];
    return world;
  }

  // Staff by the command line, the dossier in DS, then the first synchronisation.
  async begin(title) {
    const { product, peer } = this;
    this.people = Object.fromEntries(
      Object.entries(story.people).map(([name, facts]) => [name, new Person(this, facts)]),
    );
    for (const person of Object.values(this.people).filter((one) => one.role)) {
      product.json(
        'user',
        'add',
        '--email',
        person.email,
        '--name',
        person.name,
        '--role',
        person.role,
        ...(person.scope ? ['--scope', person.scope] : []),
        ...(person.siret ? ['--siret', person.siret] : []),
      );
    }
    product.newsAtOnce();
    const filed = await peer.admin('POST', 'dossiers', {
      count: 1,
      state: 'en_construction',
      champs: { titre: title, collection: 'Numérique et intelligence artificielle' },
    });
    this.dossier = filed.dossiers[0].number;
    this.firstSync = product.json('sync');
    const listed = product.json('project', 'list', '--q', title);
    if (listed.length !== 1)
      throw new Error(`Expected one project « ${title} », found ${listed.length}`);
    [this.project] = listed;
    // The holder is whom the acknowledgement goes to: the « usager » of the dossier.
    const told = this.show().mails.find((row) => row.topic === 'acknowledgement' && !row.copy);
    this.people.holder = new Person(this, { email: told.address });
    await product.serve();
    await this.expectMails(story.arrival.mails);
  }

  show() {
    return this.product.json('project', 'show', this.project.number);
  }

  mailsOfProject() {
    return this.mailbox.all().filter((mail) => mail.subject.includes(this.project.number));
  }

  // Each line « template: names » adds one mail a name; all must have come, none twice.
  async expectMails(lines) {
    for (const line of lines) {
      const [template, names] = line.split(': ');
      const subject = subjectOf(template, this.project);
      for (const name of names.split(' ')) {
        this.expected.push({ template, subject, email: this.people[name].email });
      }
    }
    await waitFor(
      `the mails « ${lines.join(', ')} »`,
      () => this.missingMails().length === 0,
      30_000,
      () =>
        `Missing: ${this.missingMails().join(', ')}. Received: ` +
        this.mailsOfProject()
          .map((mail) => `${mail.to} ${mail.subject}`)
          .join(' | '),
    );
  }

  // What was expected and is not there, or not as many times; each mail answers one expectation.
  missingMails() {
    const left = this.mailsOfProject();
    return this.expected
      .filter(({ subject, email }) => {
        const found = left.findIndex(
          (mail) => mail.to.includes(email) && subject.test(mail.subject),
        );
        if (found >= 0) left.splice(found, 1);
        return found < 0;
      })
      .map(({ template, email }) => `${template} to ${email}`);
  }

  unexpectedMails() {
    const left = [...this.expected];
    return this.mailsOfProject()
      .filter((mail) => {
        const found = left.findIndex(
          ({ subject, email }) => mail.to.includes(email) && subject.test(mail.subject),
        );
        if (found >= 0) left.splice(found, 1);
        return found < 0;
      })
      .map((mail) => `${mail.to} ${mail.subject}`);
  }

  // The newest mail about this project that a person holds in hand.
  lastLinkTo(person) {
    const mail = this.mailsOfProject()
      .filter((one) => one.to.includes(person.email))
      .pop();
    return mail.links.find((link) => link.includes(this.project.number));
  }

  async close() {
    await this.chromium?.close();
    await this.product?.stop();
    await this.mailbox?.stop();
    await this.peer?.stop();
  }
}

async function play(world, step) {
  const person = world.people[step.who];
  if (step.inDs) {
    // DS lets its user change a dossier once our request for a correction has arrived there.
    await waitFor('DS to give the dossier back to its holder', async () => {
      const held = await world.peer.admin('GET', `dossiers/${world.dossier}`);
      return held.state === 'en_construction';
    });
    await world.peer.admin('POST', `dossiers/${world.dossier}/${step.inDs}`, step.ds ?? {});
  } else {
    if (step.from === 'mail') await person.follow(world.lastLinkTo(person));
    else await person.openTask(world.project.title);
    await person.act(step.click, step.form, step.answers);
    if (step.clicks && person.clicks > step.clicks) {
      throw new Error(`Expected « ${step.click} » in ${step.clicks} clicks, took ${person.clicks}`);
    }
  }
  const label = step.click ?? step.inDs;
  await waitFor(
    `the state ${step.state} after « ${label} »`,
    () => world.show().states.includes(step.state),
    20_000,
    () => `It is in ${world.show().states}.`,
  );
  await world.expectMails(step.mails);
}

async function live(seed, steps, hands) {
  const world = await World.open(seed, hands);
  try {
    await world.begin(`Données ouvertes : premiers pas (essai ${seed})`);
    for (const step of steps) {
      try {
        await play(world, step);
      } catch (error) {
        const seen = await world.people[step.who].look();
        error.message = `${step.who}, « ${step.click ?? step.inDs} »: ${error.message}\n${seen}`;
        throw error;
      }
    }
    await checkEndings(world);
  } finally {
    await world.close();
  }
}

export async function run(report) {
  const { selection, changes, validation, decision, making, publishing } = story;
  const straight = [...selection, ...validation, ...decision, ...making, ...publishing];
  const withChanges = [
    ...selection,
    ...changes,
    ...validation,
    ...decision,
    ...making,
    ...publishing,
  ];
  // Once with nothing but a keyboard, from the log-in to the catalogue: its six minutes are ./run a11y's.
  if (process.env.EVERY_COMBINATION === '1')
    await report.test('life_of_a_project.by_keyboard_alone', () => live(1, straight, keyboard));
  else
    await report.test('life_of_a_project.framing_sent_back_through_ds', () =>
      live(2, withChanges, mouse),
    );
}

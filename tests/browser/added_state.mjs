// The rails are data: a state added to a copy of the definition appears as page, task, mail, deadline
// and pipeline column, with the binary as it is.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pipelineAgrees } from './life_endings.mjs';
import { openChromium } from './support/browser.mjs';
import { dossierFile } from './support/dossier.mjs';
import { FormFiller } from './support/form_filler.mjs';
import { Mailbox } from './support/mailbox.mjs';
import { Person } from './support/person.mjs';
import { waitFor } from './support/process.mjs';
import { Product, root, workFolder } from './support/product.mjs';

const added = `
    <state id="budget_check" aap:label="Avis budgétaire" aap:public="Votre budget est relu" aap:turn="case_officer" aap:phase="framing_review" aap:task="Relire le budget">
      <onentry><aap:deadline in="5 jours ouvrés" event="budget_check.late"/></onentry>
      <transition event="budget.approve" target="expert_review" aap:label="Rendre un avis budgétaire favorable" aap:by="case_officer" aap:form="approval">
        <aap:mail template="budget_approved" to="project_holder" copy="case_officer"/>
      </transition>
      <transition event="budget_check.late"><aap:mail template="budget_late" to="case_officer"/></transition>
    </state>

`;

function expect(what, holds, found = '') {
  if (!holds) throw new Error(`Expected ${what}${found === '' ? '' : `, but found ${found}`}`);
}

// One state between two others, its mails beside the others: what a rail keeper would do.
function changedRails(folder) {
  const copy = join(folder, 'definitions');
  cpSync(join(root, 'workflows/definitions'), copy, { recursive: true });
  const chart = join(copy, 'mentor/mentor.scxml');
  const before = readFileSync(chart, 'utf8');
  const after = before
    .replace(
      'event="framing.validate" target="expert_review"',
      'event="framing.validate" target="budget_check"',
    )
    .replace('    <state id="expert_review"', `${added}    <state id="expert_review"`);
  expect(
    'the chart to have the two places to change',
    after.length > before.length + added.length - 20,
  );
  writeFileSync(chart, after);
  const mails = join(copy, 'mentor/mails');
  for (const [name, subject] of [
    ['budget_approved', 'Le budget est accepté'],
    ['budget_late', 'Un budget attend'],
  ]) {
    writeFileSync(
      join(mails, `${name}.txt.mustache`),
      `Objet : [{{number}}] ${subject}\n\n${subject} : « {{title}} ».\n\nVoir le projet : {{url}}\n`,
    );
    writeFileSync(
      join(mails, `${name}.html.mustache`),
      `<p>${subject} : « {{title}} ».</p>\n<p><a href="{{url}}">Voir le projet</a></p>\n`,
    );
  }
  return copy;
}

const staff = {
  case: { email: 'ines.bardet@exemple.invalid', name: 'Inès Bardet', role: 'case_officer' },
  lead: { email: 'lea.marchand@exemple.invalid', name: 'Léa Marchand', role: 'collection_lead' },
  pilot: { email: 'paul.sorel@exemple.invalid', name: 'Paul Sorel', role: 'program_admin' },
};

const admissible = {
  on_time: 'yes',
  eligible_holder: 'yes',
  complete: 'yes',
  transverse: 'yes',
  fits_collection: 'yes',
  hierarchy: 'yes',
  licence: 'yes',
};
const agreed = {
  need: 'yes',
  orientation: 'yes',
  objectives: 'yes',
  no_duplicate: 'yes',
  feasible: 'yes',
  comment: 'Clair.',
};

function act(product, number, action, email, answers, ...more) {
  const file = join(product.folder, `${action}.json`);
  writeFileSync(file, JSON.stringify(answers));
  return product.json('project', 'act', number, action, '--as', email, '--data', file, ...more);
}

// Two projects brought to the new state by the command line.
function bringThere(product) {
  for (const person of Object.values(staff)) {
    product.json(
      'user',
      'add',
      '--email',
      person.email,
      '--name',
      person.name,
      '--role',
      person.role,
    );
  }
  product.json('call', 'add', '--id', 'essai', '--definition', 'mentor');
  const titles = ['Lire un budget de programme', 'Tenir un budget de programme'];
  product.json('import', '--call', 'essai', dossierFile(product.folder, titles));
  return titles.map((title) => {
    const { number } = product.json('project', 'list', '--q', title)[0];
    act(product, number, 'admissibility.accept', staff.case.email, admissible);
    const done = act(product, number, 'framing.validate', staff.lead.email, agreed);
    expect('the new state after the validation', done.states.includes('budget_check'), done.states);
    return { number, title };
  });
}

function hasTaskAndDeadline(product, number) {
  const shown = product.json('project', 'show', number);
  const task = shown.tasks.find((one) => one.state === 'budget_check' && one.status === 'open');
  expect('an open task of the new state', task !== undefined, JSON.stringify(shown.tasks));
  expect('the task for the case officer', task.role === 'case_officer', task.role);
  const days = (new Date(task.due) - Date.now()) / 86_400_000;
  expect('a deadline of five working days', days > 4 && days < 13, task.due);
  expect(
    'the new action',
    shown.actions.some((one) => one.id === 'budget.approve'),
  );
}

async function pagesShowIt(world, project) {
  const { product } = world;
  const officer = new Person(world, staff.case);
  const tasks = await officer.follow('/taches');
  expect('the task in the list', (await tasks.getByText('Relire le budget').count()) > 0);
  await officer.openTask(project.title);
  await officer.act('Rendre un avis budgétaire favorable', 'approval', {});
  await waitFor('the step after the new state', () =>
    product.json('project', 'show', project.number).states.includes('expert_review'),
  );
  const told = await waitFor('the mail of the new state', () =>
    world.mailbox
      .all()
      .find((mail) => mail.subject === `[${project.number}] Le budget est accepté`),
  );
  expect('the mail to name the project', told.text.includes(project.title), told.text);
  return officer.faults;
}

async function pipelineHasItsColumn(world, waiting) {
  const pilot = new Person(world, staff.pilot);
  const page = await pilot.follow('/pilotage');
  expect('the new column', (await page.getByRole('main').getByText('Avis budgétaire').count()) > 0);
  const figures = await pipelineAgrees(page);
  const shown = figures.find(
    ({ href }) => href.includes('etat=budget_check') && !/collection=|retard=/.test(href),
  );
  expect('one project in the new column', shown?.text === '1', shown?.text);
  await page.goto(`/projets/${waiting.number}`);
  expect(
    'the label of the state on the page of the project',
    (await page.getByRole('main').getByText('Avis budgétaire').count()) > 0,
  );
  return pilot.faults;
}

function deadlineFires(product, number) {
  const later = new Date(Date.now() + 20 * 86_400_000).toISOString();
  product.json('tick', '--at', later);
  const rows = product
    .json('project', 'show', number)
    .mails.filter((row) => row.topic === 'budget_late');
  expect('one mail when the deadline passes', rows.length === 1, rows.length);
}

async function play() {
  const world = {};
  const scratch = workFolder('added-state');
  try {
    const definitions = changedRails(scratch);
    world.mailbox = await Mailbox.open(join(scratch, 'mails'));
    world.product = await Product.make('added-state', {
      ...world.mailbox.settings,
      WORKFLOWS_DIR: definitions,
    });
    const checked = world.product.run('workflow', 'check', definitions);
    expect('no finding in the changed rails', checked.status === 0, checked.out + checked.error);
    const [first, second] = bringThere(world.product);
    hasTaskAndDeadline(world.product, first.number);
    world.filler = new FormFiller(definitions, 'mentor', scratch);
    world.chromium = await openChromium();
    await world.product.serve();
    const faults = [
      ...(await pagesShowIt(world, first)),
      ...(await pipelineHasItsColumn(world, second)),
    ];
    expect('pages without faults', faults.length === 0, faults.join('\n'));
    await world.product.stop();
    world.product.server = null;
    deadlineFires(world.product, second.number);
  } catch (error) {
    for (const person of world.persons ?? []) error.message += `\n${await person.look()}`;
    throw error;
  } finally {
    await world.chromium?.close();
    await world.product?.stop();
    await world.mailbox?.stop();
  }
}

export async function run(report) {
  await report.test('added_state.appears_everywhere_without_a_rebuild', play);
}

// One person at their own browser: gets a mail, follows its link, logs in when asked, acts.
//
//   const lead = new Person(world, { email: 'lea@…' });
//   await lead.follow(link);                          // logged in on the way when needed
//   await lead.act('Valider le cadrage', 'framing_opinion', { need: 'yes', … });
//
// `clicks` counts what a person clicks to decide: links and buttons; what is typed or ticked in the
// form is not counted.
import { newVisit, photograph } from './browser.mjs';

export class Person {
  constructor(world, facts) {
    this.world = world;
    Object.assign(this, facts);
    this.clicks = 0;
    (world.persons ??= []).push(this);
  }

  async visit() {
    this.own ??= await newVisit(this.world.chromium, this.world.product.url);
    return this.own.page;
  }

  get faults() {
    return (this.own?.faults ?? []).map((fault) => `${this.email} ${fault}`);
  }

  // Opens an address of the site; when it asks who we are, logs in by the mailed link.
  async follow(address) {
    const page = await this.visit();
    await page.goto(address);
    if (page.url().includes('/connexion')) await this.logIn(page);
    this.clicks = 0;
    return page;
  }

  async logIn(page) {
    const { hands } = this.world.filler;
    await hands.type(page.getByLabel('Votre adresse électronique professionnelle'), this.email);
    await hands.click(page.getByRole('button', { name: 'Recevoir un lien de connexion' }));
    const mail = await this.world.mailbox.next(this.email, '/connexion/');
    const link = mail.links.find((one) => one.includes('/connexion/'));
    await page.goto(link);
    await hands.click(page.getByRole('main').getByRole('button', { name: 'Se connecter' }));
    await page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
  }

  // What is before their eyes, for the sentence of a failure.
  async look() {
    if (!this.own) return 'Their browser is not open.';
    const { page } = this.own;
    const picture = await photograph(page, this.email);
    const words = (await page.getByRole('main').innerText()).slice(0, 1500);
    return `${this.email} at ${page.url()}, ${picture}\n${words}`;
  }

  // From their tasks to this project, by the line of the list.
  async openTask(title) {
    const page = await this.follow('/taches');
    const line = page.getByRole('listitem').filter({ hasText: title });
    await this.world.filler.hands.click(line.getByRole('link', { name: /^Ouvrir/ }).first());
    await page.waitForLoadState();
    return page;
  }

  // Acts by the label that everybody sees: opens the form when this is not its page yet.
  async act(label, form, answers) {
    const { page } = this.own;
    const main = page.getByRole('main');
    const ready = main.locator('form').getByRole('button', { name: label, exact: true });
    if ((await ready.count()) === 0) await this.#choose(page, main, label);
    if (form) await this.world.filler.fill(page, form, answers);
    await this.#click(ready.last());
    const complaint = main.getByRole('alert');
    if ((await complaint.count()) > 0) {
      throw new Error(
        `${this.email} could not « ${label} »: ${await complaint.first().innerText()}`,
      );
    }
  }

  // The button of an action: on this page, else on the project's; what is no task of theirs is
  // folded under « Autres possibilités ».
  async #choose(page, main, label) {
    const link = main.getByRole('link', { name: label, exact: true });
    if ((await link.count()) === 0 && page.url().includes('/actions/')) {
      await this.#click(main.getByRole('link', { name: 'Revenir au projet' }).first());
    }
    if ((await link.count()) === 0) await this.#click(main.getByText('Autres possibilités'));
    await this.#click(link.first());
  }

  async #click(target) {
    this.clicks += 1;
    await this.world.filler.hands.click(target);
    await this.own.page.waitForLoadState();
  }
}

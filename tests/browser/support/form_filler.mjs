// Types valid answers into a form of the product, from the same JSON Schema the server judges by.
//
//   const filler = new FormFiller(join(root, 'workflows/definitions'), 'mentor');
//   await filler.fill(page, 'score_sheet', { 'scores.need.score': 4, recommendation: 'select' });
//
// Answers given by path win; what is required is typed; the rest is left out. Fields are found by
// their name, which is the path of the answer. With a hostile text, every free text is that text,
// whether it is asked for or not, and every file bears it as its name.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { mouse } from './hands.mjs';

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

// The smallest files of their kind that are really of it.
const files = {
  '.png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk' +
      '+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  '.pdf': Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n' +
      '2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
  ),
  '.csv': Buffer.from('question;note\nUtile;4\nClair;5\n'),
};

export class FormFiller {
  constructor(definitions, call, scratch, { hostile = '', hands = mouse } = {}) {
    this.hostile = hostile;
    this.hands = hands;
    this.folders = [join(definitions, call, 'forms'), join(definitions, 'common/forms')];
    this.scratch = scratch;
  }

  schema(form) {
    const folder = this.folders.find((one) => existsSync(join(one, `${form}.json`)));
    return JSON.parse(readFileSync(join(folder, `${form}.json`), 'utf8'));
  }

  async fill(page, form, answers = {}) {
    this.page = page;
    this.document = this.schema(form);
    this.answers = answers;
    await this.#group(this.document, '');
  }

  async #group(schema, prefix) {
    for (const [name, raw] of Object.entries(schema.properties ?? {})) {
      const field = this.#resolved(raw);
      const path = prefix + name;
      const ui = field['x-ui'] ?? {};
      const wanted = this.#wanted(path);
      if (ui.show_if && !this.#shown(ui.show_if, prefix)) continue;
      const required = (schema.required ?? []).includes(name) || ui.required;
      if (!required && !wanted && !this.#takesHostile(field)) continue;
      await this.#field(field, path);
    }
  }

  #resolved(field) {
    const name = field.$ref?.split('/').pop();
    return name ? { ...this.document.definitions[name], ...field } : field;
  }

  #isFree(field) {
    const ui = field['x-ui'] ?? {};
    const text = field.type === 'string' && !field.enum && !field.format && field.const === undefined;
    return this.hostile !== '' && (ui.widget === 'tags' || (text && ui.widget !== 'file'));
  }

  #takesHostile(field) {
    if (this.hostile === '') return false;
    const items = field.items && this.#resolved(field.items);
    const nested = field.type === 'object' || (field.type === 'array' && items?.type === 'object');
    if (field['x-ui']?.widget === 'checklist') return false; // rows only where points were asked
    return nested || this.#isFree(field) || field['x-ui']?.widget === 'file';
  }

  #wanted(path) {
    return Object.keys(this.answers).some((key) => key === path || key.startsWith(`${path}.`));
  }

  #shown(condition, prefix) {
    return Object.entries(condition).every(
      ([name, value]) => (this.answers[prefix + name] ?? this.typed?.[prefix + name]) === value,
    );
  }

  async #field(field, path) {
    if (field.type === 'object') return this.#group(field, `${path}.`);
    const items = field.items && this.#resolved(field.items);
    if (field.type === 'array' && items?.type === 'object') return this.#rows(field, items, path);
    const value = this.#isFree(field)
      ? this.hostile.slice(0, field.maxLength ?? this.#resolved(field.items ?? {}).maxLength)
      : (this.answers[path] ?? this.#sample(field, path));
    (this.typed ??= {})[path] = value;
    return this.#type(path, value);
  }

  // As many rows as the form asks at least; the page offers more with a button.
  async #rows(field, items, path) {
    const count = this.answers[path] ?? Math.max(1, field.minItems ?? 0);
    for (let row = 0; row < count; row += 1) {
      const first = Object.keys(items.properties)[0];
      if ((await this.page.locator(`[name="${path}.${row}.${first}"]`).count()) === 0) {
        const add = field['x-ui']?.add ?? 'Ajouter une ligne';
        await this.hands.click(this.page.getByRole('button', { name: add }));
      }
      await this.#group(items, `${path}.${row}.`);
    }
  }

  #sample(field, path) {
    const ui = field['x-ui'] ?? {};
    if (field.const !== undefined) return field.const;
    if (ui.widget === 'file') return { file: (ui.accept ?? '.pdf').split(',')[0] };
    const choice =
      field.enum ?? (field.type === 'array' ? this.#resolved(field.items).enum : undefined);
    if (choice) return choice[0];
    if (field.type === 'boolean') return true;
    if (field.type === 'integer' || field.type === 'number') {
      const low = field.minimum ?? 0;
      return Math.max(low, Math.min(field.maximum ?? 80, 80));
    }
    if (field.format === 'date') return inDays(ui.latest === 'today' ? 0 : 40);
    if (field.format === 'email') return 'formation@exemple.invalid';
    if (field.format === 'url') return 'https://mentor.exemple.invalid/parcours';
    if (field.format === 'phone') return '01 99 00 12 34';
    return `${field.title ?? path} : réponse de l’essai`.slice(0, field.maxLength ?? 200);
  }

  async #type(path, value) {
    // Files that are there already are boxes of the same name.
    const file = value?.file ? 'input[type=file]' : '';
    const controls = this.page.locator(`${file}[name="${path}"]`);
    const count = await controls.count();
    if (count === 0) throw new Error(`Expected a field named « ${path} » on ${this.page.url()}`);
    const control = controls.first();
    const kind = await control.evaluate((node) =>
      node.tagName === 'INPUT' ? node.type : node.tagName,
    );
    if (kind === 'radio' || kind === 'checkbox') return this.#tick(path, [value].flat(), count);
    if (kind === 'SELECT') return this.hands.select(control, [value].flat().map(String));
    if (kind === 'file') return this.hands.attach(control, this.#file(value.file));
    return this.hands.type(control, [value].flat().join('\n'));
  }

  // One box, a choice among boxes, or known people with a text area for the others.
  async #tick(path, values, count) {
    const others = [];
    for (const one of values) {
      const named = this.page.locator(`[name="${path}"][value="${one}"]`);
      if ((await named.count()) > 0) await this.hands.tick(named);
      else if (count === 1) await this.hands.tick(this.page.locator(`[name="${path}"]`));
      else others.push(one);
    }
    if (others.length > 0)
      await this.hands.type(this.page.locator(`textarea[name="${path}"]`), others.join('\n'));
  }

  #file(extension) {
    const buffer = files[extension] ?? files['.pdf'];
    if (this.hostile !== '') {
      const name = `${this.hostile.replaceAll('/', '∕')}${extension}`;
      return { name, mimeType: 'application/octet-stream', buffer };
    }
    const path = join(this.scratch, `essai${extension}`);
    writeFileSync(path, buffer);
    return path;
  }
}

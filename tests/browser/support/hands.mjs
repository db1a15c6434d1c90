// How a person works a page: with a mouse, or with nothing but a keyboard.
//
//   await keyboard.click(page.getByRole('button', { name: 'Valider le cadrage' }));
//
// At a keyboard one comes to a control by Tab and nothing else; a stop that nobody could see is an
// error. Texts that the page would take key by key are put in as a whole, as from the clipboard.

export const mouse = {
  click: (target) => target.click(),
  type: (control, text) => control.fill(text),
  tick: (control) => control.check(),
  select: (control, values) => control.selectOption(values),
  attach: (control, file) => control.setInputFiles(file),
};

const here = (node) => node === document.activeElement;

// Of a group of radio buttons Tab reaches one; the arrows do the rest.
const hereOrBeside = (node) => {
  const one = document.activeElement;
  return one === node || (one?.type === 'radio' && one.name === node.name && one.form === node.form);
};

const looksFocused = (node) => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
  return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
};

// At least so many stops lie between: no need to look at each.
const stopsBefore = (node) => {
  const stops = 'a[href], button, select, textarea, summary, input:not([type=hidden], [type=radio])';
  const all = [...document.querySelectorAll(stops)].filter(
    (one) => !one.disabled && one.checkVisibility({ checkVisibilityCSS: true }),
  );
  return all.indexOf(node) - all.indexOf(document.activeElement) - 1;
};

async function reach(control, arrived = here) {
  const page = control.page();
  await control.waitFor({ state: 'attached' });
  const sure = await control.evaluate(stopsBefore);
  for (let i = 0; i < sure; i += 1) await page.keyboard.press('Tab');
  for (let i = 0; i < 800; i += 1) {
    if (await control.evaluate(arrived)) {
      if (!(await control.evaluate(looksFocused)) && arrived === here)
        throw new Error(`The focus does not show on ${control} at ${page.url()}`);
      return page;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${control} at ${page.url()}`);
}

export const keyboard = {
  async click(target) {
    const page = await reach(target);
    // Links and buttons lead to a page, this one or another; a summary only opens.
    const leaves = await target.evaluate((node) => node.tagName !== 'SUMMARY');
    const gone = leaves ? page.waitForNavigation() : null;
    await page.keyboard.press('Enter');
    await gone;
  },

  async type(control, text) {
    const page = await reach(control);
    if ((await control.getAttribute('type')) === 'date') {
      // Day first or month first: as the browser's own language has it, which the page cannot know.
      const [year, month, day] = text.split('-');
      for (const digits of [day + month + year, month + day + year]) {
        await page.keyboard.type(digits);
        if ((await control.inputValue()) === text) break;
        for (let i = 0; i < 2; i += 1) await page.keyboard.press('ArrowLeft');
      }
    } else {
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    }
    const got = await control.inputValue();
    if (got !== text) throw new Error(`Typed « ${text} » into ${control}, it holds « ${got} »`);
  },

  async tick(control) {
    const radio = (await control.getAttribute('type')) === 'radio';
    const page = await reach(control, radio ? hereOrBeside : here);
    for (let i = 0; radio && i < 30 && !(await control.evaluate(here)); i += 1)
      await page.keyboard.press('ArrowDown');
    if (!(await control.isChecked())) await page.keyboard.press('Space');
    if (!(await control.isChecked())) throw new Error(`${control} could not be ticked`);
  },

  async select(control, values) {
    const page = await reach(control);
    const places = await control.evaluate((node) => [...node.options].map((one) => one.value));
    await page.keyboard.press('Home');
    for (let i = 0; i < places.indexOf(values[0]); i += 1) await page.keyboard.press('ArrowDown');
    const got = await control.inputValue();
    if (got !== values[0]) throw new Error(`Chose « ${values[0]} » in ${control}, it holds « ${got} »`);
  },

  async attach(control, file) {
    const page = await reach(control);
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(file);
  },
};

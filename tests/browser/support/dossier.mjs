// Dossiers as DS would hand them over, written as a file for « import »: the fields of the mapping
// that a project needs, the rest unanswered.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './product.mjs';

const mapping = () =>
  JSON.parse(readFileSync(join(root, 'workflows/definitions/mentor/mapping.json'), 'utf8'));

function champ(to, extra) {
  const field = mapping().fields.find((one) => one.to === to);
  return {
    id: field.champ,
    champDescriptorId: field.champ,
    label: field.label,
    updatedAt: '2026-10-01T10:00:00+02:00',
    ...extra,
  };
}

const text = (to, value) => champ(to, { __typename: 'TextChamp', text: value, stringValue: value });

export function dossier(number, title, extra = {}) {
  const filed = '2026-10-01T10:00:00+02:00';
  const collection = extra.collection ?? 'Numérique et intelligence artificielle';
  return {
    id: Buffer.from(`Dossier-${number}`).toString('base64'),
    number,
    state: 'en_construction',
    archived: false,
    motivation: null,
    dateDepot: filed,
    datePassageEnConstruction: filed,
    dateDerniereModification: filed,
    usager: { id: `VXNlci0${number}`, email: `porteur${number}@exemple.invalid` },
    demandeur: { __typename: 'PersonneMorale', siret: '00010000800010' },
    traitements: [],
    labels: [],
    instructeurs: [],
    annotations: [],
    champs: [
      text('title', title),
      champ('collection', {
        __typename: 'DropDownListChamp',
        choice: collection,
        stringValue: collection,
      }),
      text('objectives', extra.objectives ?? 'Comprendre, puis agir dans son métier.'),
      text('ministry', extra.ministry ?? 'IRA de Lyon'),
      text('referent_name', extra.referent ?? `Référent ${number}`),
    ],
  };
}

// Writes them as one array and gives the file's path.
export function dossierFile(folder, titles, extra = {}) {
  const file = join(folder, 'dossiers.json');
  writeFileSync(
    file,
    JSON.stringify(titles.map((title, i) => dossier(21_000_000 + i, title, extra))),
  );
  return file;
}

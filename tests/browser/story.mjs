// The life of one project as its people live it: who acts, on which label, with what, and which
// mails must follow. Data only; life_of_a_project.mjs plays it.
//
// A step: who acts; `from` a mail (words of its subject) or their tasks; the label they click; the
// form they fill in with the answers that matter; the state reached; the mails that leave, as
// « template: people ».

export const motivation =
  'Besoin établi par une enquête auprès de douze services, équipe prête, calendrier tenable.';

const good = Object.fromEntries(
  ['need', 'reach', 'fit', 'pedagogy', 'feasibility', 'upkeep', 'accessibility', 'innovation'].map(
    (criterion) => [`scores.${criterion}.score`, 4],
  ),
);

const framingAgreed = {
  need: 'yes',
  orientation: 'yes',
  objectives: 'yes',
  no_duplicate: 'yes',
  feasible: 'yes',
  comment: 'Cadrage clair, en ligne avec la collection.',
};

// The people, by the name that the steps use. Lead: of the collection the dossier names.
export const people = {
  case: { email: 'ines.bardet@exemple.invalid', name: 'Inès Bardet', role: 'case_officer' },
  pilot: { email: 'paul.sorel@exemple.invalid', name: 'Paul Sorel', role: 'program_admin' },
  lead: {
    email: 'lea.marchand@exemple.invalid',
    name: 'Léa Marchand',
    role: 'collection_lead',
    scope: 'collection:numerique',
    siret: '00020007100017',
  },
  chair: {
    email: 'odile.garnier@exemple.invalid',
    name: 'Odile Garnier',
    role: 'committee_chair',
    siret: '00022222400016',
  },
  first: {
    email: 'remi.castel@exemple.invalid',
    name: 'Rémi Castel',
    role: 'reviewer',
    siret: '00033333600014',
  },
  second: {
    email: 'zoe.lambert@exemple.invalid',
    name: 'Zoé Lambert',
    role: 'reviewer',
    siret: '00044444800013',
  },
  designer: { email: 'maud.perrin@exemple.invalid', name: 'Maud Perrin' },
  integrator: { email: 'igor.blanc@exemple.invalid', name: 'Igor Blanc' },
  // holder: who filed the dossier in Démarches Simplifiées.
};

export const arrival = { state: 'admissibility_check', mails: ['acknowledgement: holder case lead'] };

export const selection = [
  {
    who: 'case',
    from: 'mail',
    click: 'Commencer l’examen',
    state: 'admissibility_check',
    mails: ['admissibility_started: holder'],
  },
  {
    who: 'case',
    from: 'tasks',
    click: 'Déclarer le dossier recevable',
    form: 'admissibility',
    state: 'lead_review',
    mails: ['lead_review_requested: lead case', 'admissible: holder'],
  },
];

// The lead asks for changes; the holder answers in Démarches Simplifiées, as the mail says.
export const changes = [
  {
    who: 'lead',
    from: 'mail',
    click: 'Demander des changements',
    form: 'change_request',
    answers: { reason: 'Précisez le public et son nombre.' },
    state: 'framing_changes',
    mails: ['framing_change_asked: holder case'],
  },
  {
    who: 'holder',
    inDs: 'resubmit',
    state: 'lead_review',
    mails: ['lead_review_requested: lead case'],
  },
];

export const validation = [
  {
    who: 'lead',
    from: 'mail',
    click: 'Valider le cadrage',
    form: 'framing_opinion',
    answers: framingAgreed,
    clicks: 2,
    state: 'expert_review',
    mails: ['framing_validated: holder case', 'reviewers_needed: case'],
  },
];

export const decision = [
  {
    who: 'case',
    from: 'mail',
    click: 'Désigner les relecteurs',
    form: 'review_assignment',
    answers: { reviewers: [people.first.email, people.second.email] },
    state: 'expert_review',
    mails: ['review_assigned: first second case'],
  },
  {
    who: 'first',
    from: 'mail',
    click: 'Rendre son avis',
    form: 'score_sheet',
    answers: { ...good, interest: 'none', recommendation: 'select' },
    state: 'expert_review',
    mails: ['review_received: case'],
  },
  {
    who: 'second',
    from: 'mail',
    click: 'Rendre son avis',
    form: 'score_sheet',
    answers: { ...good, 'scores.innovation.score': 3, interest: 'none', recommendation: 'select' },
    state: 'committee',
    mails: ['review_received: case', 'committee_ready: chair case lead'],
  },
  {
    who: 'chair',
    from: 'mail',
    click: 'Retenir le projet',
    form: 'committee_decision',
    answers: { reason: motivation, conflicts: 'Aucun' },
    state: 'selected',
    mails: ['selected: holder lead case'],
  },
  {
    who: 'pilot',
    from: 'tasks',
    click: 'Ouvrir l’engagement réciproque',
    form: 'commitment',
    state: 'commitment',
    mails: ['commitment_opened: holder case lead'],
  },
  {
    who: 'holder',
    from: 'mail',
    click: 'Désigner l’équipe',
    form: 'team',
    answers: { designers: [people.designer.email], integrators: [people.integrator.email] },
    state: 'commitment',
    mails: ['team_assigned: designer integrator holder'],
  },
  {
    who: 'holder',
    from: 'tasks',
    click: 'Signer l’engagement',
    form: 'commitment_signature',
    state: 'commitment',
    mails: ['commitment_to_countersign: pilot holder'],
  },
  {
    who: 'pilot',
    from: 'mail',
    click: 'Signer pour la DGAFP',
    form: 'commitment_signature',
    state: 'framing_drafting',
    mails: ['commitment_signed: holder designer lead case'],
  },
];

export const making = [
  {
    who: 'designer',
    from: 'mail',
    click: 'Remettre la note de cadrage',
    form: 'framing_note',
    state: 'framing_lead_validation',
    mails: ['framing_note_submitted: lead holder'],
  },
  {
    who: 'lead',
    from: 'mail',
    click: 'Accepter la note de cadrage',
    form: 'approval',
    state: 'scenario_drafting',
    mails: ['framing_note_approved: holder designer case'],
  },
  {
    who: 'designer',
    from: 'mail',
    click: 'Déposer le synopsis',
    form: 'synopsis',
    state: 'scenario_drafting',
    mails: [],
  },
  {
    who: 'designer',
    from: 'tasks',
    click: 'Déposer le storyboard',
    form: 'storyboard',
    state: 'scenario_drafting',
    mails: [],
  },
  {
    who: 'designer',
    from: 'tasks',
    click: 'Remettre le scénario',
    form: 'delivery_note',
    state: 'scenario_validation',
    mails: ['scenario_submitted: lead holder'],
  },
  {
    who: 'lead',
    from: 'mail',
    click: 'Valider le scénario',
    form: 'approval',
    state: 'production_contents_writing',
    mails: ['scenario_approved: designer holder case'],
  },
  {
    who: 'designer',
    from: 'mail',
    click: 'Livrer les contenus',
    form: 'delivery_note',
    state: 'production_contents_ready',
    mails: ['contents_delivered: holder designer'],
  },
  {
    who: 'designer',
    from: 'tasks',
    click: 'Livrer les médias',
    form: 'delivery_note',
    state: 'production_validation',
    mails: ['media_delivered: holder designer', 'production_delivered: lead holder'],
  },
  {
    who: 'lead',
    from: 'mail',
    click: 'Valider les contenus',
    form: 'approval',
    state: 'integration_building',
    mails: ['production_approved: integrator designer holder case'],
  },
  {
    who: 'integrator',
    from: 'mail',
    click: 'Livrer pour la recette',
    form: 'delivery_note',
    state: 'integration_acceptance',
    mails: ['integration_delivered: holder integrator designer lead'],
  },
  {
    who: 'integrator',
    from: 'tasks',
    click: 'Remplir la fiche de recette',
    form: 'acceptance_sheet',
    state: 'integration_acceptance',
    mails: ['acceptance_recorded: holder designer integrator lead'],
  },
  {
    who: 'integrator',
    from: 'tasks',
    click: 'Prononcer la réception',
    form: 'acceptance_report',
    state: 'quality_reviewing',
    mails: [
      'quality_review_requested: first second case',
      'acceptance_passed: holder designer lead',
    ],
  },
  {
    who: 'first',
    from: 'mail',
    click: 'Rendre la revue qualité',
    form: 'quality_review',
    state: 'publication_preparing',
    mails: ['quality_accepted: holder designer lead pilot'],
  },
];

export const publishing = [
  {
    who: 'designer',
    from: 'mail',
    click: 'Remplir la fiche de formation',
    form: 'training_sheet',
    state: 'publication_preparing',
    mails: [],
  },
  {
    who: 'designer',
    from: 'tasks',
    click: 'Remplir la fiche de session',
    form: 'session_sheet',
    state: 'publication_preparing',
    mails: [],
  },
  {
    who: 'designer',
    from: 'tasks',
    click: 'Remplir la note de communication',
    form: 'communication_note',
    state: 'publication_preparing',
    mails: ['publication_ready: pilot holder'],
  },
  {
    who: 'pilot',
    from: 'mail',
    click: 'Programmer la publication',
    form: 'publication_slot',
    state: 'publication_scheduled',
    mails: ['publication_scheduled: holder designer lead integrator'],
  },
  {
    who: 'pilot',
    from: 'tasks',
    click: 'Confirmer la mise en ligne',
    form: 'online_confirmation',
    state: 'evaluation_hot',
    mails: ['published: holder designer lead integrator case'],
  },
  {
    who: 'holder',
    from: 'mail',
    click: 'Rendre les résultats à chaud',
    form: 'hot_results',
    answers: { satisfaction: 80 }, // under the target of 85
    state: 'evaluation_cold',
    mails: ['evaluation_below_target: holder lead', 'evaluation_cold_opened: holder lead'],
  },
  {
    who: 'holder',
    from: 'mail',
    click: 'Rendre les résultats à froid',
    form: 'cold_results',
    answers: { reuse: 75 },
    state: 'evaluation_reporting',
    mails: ['evaluation_report_due: holder lead'],
  },
  {
    who: 'holder',
    from: 'mail',
    click: 'Remettre le bilan',
    form: 'evaluation_report',
    state: 'evaluation_reporting',
    mails: ['evaluation_report_submitted: pilot lead holder'],
  },
  {
    who: 'pilot',
    from: 'mail',
    click: 'Accepter le bilan',
    form: 'approval',
    state: 'in_catalogue',
    mails: ['evaluation_accepted: holder designer lead'],
  },
];

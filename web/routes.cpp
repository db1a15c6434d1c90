// The counter's plan: every address, who may enter, what answers. Nothing else opens a door.
#include "web/api.h"
#include "web/attention.h"
#include "web/call_news.h"
#include "web/figures/measured.h"
#include "web/figures/passages.h"
#include "web/figures/shown.h"
#include "web/mail_paces.h"
#include "web/mail_text_page.h"
#include "web/newsletter.h"
#include "web/own_calendar.h"
#include "web/pages/handlers.h"
#include "web/router.h"
#include "web/saved_views.h"

namespace aiguillage::web {

namespace {

using enum Method;
using enum Rule;
using List = std::vector<Route>;

List PublicRoutes() {
  return {
      {kGet, "/", kPublic, HomePage},
      {kGet, "/appels/{call}", kPublic, CallPublicPage},
      {kPost, "/appels/{call}/annonces", kPublic, AskCallNews},
      {kGet, "/annonces/{token}", kHoldsLink, ConfirmNewsPage},
      {kPost, "/annonces/{token}", kHoldsLink, ConfirmCallNews},
      {kGet, "/annonces/{token}/fin", kHoldsLink, EndNewsPage},
      {kPost, "/annonces/{token}/fin", kHoldsLink, EndCallNews},
      {kGet, "/collections", kPublic, CollectionsPage},
      {kGet, "/calendrier", kPublic, PublicationsPage},
      {kGet, "/calendrier.ics", kPublic, PublicationsCalendar},
      {kGet, "/calendrier.atom", kPublic, PublicationsFeed},
      {kGet, "/accessibilite", kPublic, AccessibilityPage},
      {kGet, "/mentions-legales", kPublic, LegalPage},
      {kGet, "/donnees-personnelles", kPublic, PrivacyPage},
      {kGet, "/health", kPublic, HealthPage},
      {kGet, "/metrics", kMeters, MetricsPage},
  };
}

List AccountRoutes() {
  return {
      {kGet, "/connexion", kPublic, LoginPage},
      {kPost, "/connexion", kPublic, AskLoginLink},
      {kGet, "/connexion/{token}", kPublic, LoginLinkPage},
      {kPost, "/connexion/{token}", kPublic, UseLoginLink},
      {kPost, "/deconnexion", kPublic, LogOut},
      {kGet, "/compte", kLoggedIn, AccountPage},
      {kPost, "/compte/sessions", kLoggedIn, EndOtherSessions},
      {kPost, "/compte/sessions/{session}/fin", kLoggedIn, EndOneSession},
      {kPost, "/compte/courriels", kLoggedIn, KeepMailPaces},
      {kPost, "/compte/calendrier", kLoggedIn, RenewOwnCalendar},
      {kPost, "/compte/calendrier/fin", kLoggedIn, EndOwnCalendar},
      {kGet, "/mon-calendrier/{token}", kHoldsLink, OwnCalendar},
      {kGet, "/desabonnement/{token}", kHoldsLink, UnsubscribePage},
      {kPost, "/desabonnement/{token}", kHoldsLink, Unsubscribe},
      {kPost, "/compte/cles", kSteering, MakeApiKeyAct},
      {kPost, "/compte/cles/{key}/fin", kLoggedIn, EndApiKeyAct},
      {kPost, "/compte/absences", kLoggedIn, DeclareOwnAbsence},
      {kPost, "/compte/absences/{absence}/fin", kLoggedIn, EndOwnAbsence},
  };
}

List ProjectRoutes() {
  return {
      {kGet, "/taches", kLoggedIn, TasksPage},
      {kGet, "/projets", kLoggedIn, RegisterPage},
      {kGet, "/projets.csv", kLoggedIn, RegisterCsv},
      {kGet, "/projets.xlsx", kLoggedIn, RegisterXlsx},
      {kPost, "/vues", kLoggedIn, KeepView},
      {kPost, "/vues/{view}/fin", kLoggedIn, ForgetView},
      {kGet, "/projets/{number}", kSeesProject, ProjectPage},
      {kGet, "/projets/{number}/rails.svg", kSeesProject, ProjectRails},
      {kGet, "/projets/{number}/actions/{action}", kSeesProject, DecisionPage},
      {kPostFiles, "/projets/{number}/actions/{action}", kSeesProject, Decide},
      {kPost, "/projets/{number}/actions/{action}/brouillon", kSeesProject, KeepDraft},
      {kPost, "/projets/{number}/actions/{action}/brouillon/jeter", kSeesProject, DropDraft},
      {kPost, "/projets/{number}/echanges", kSeesProject, PostMessage},
      {kPost, "/projets/{number}/annuler/{act}", kSeesProject, TakeBackAct},
      {kGet, "/projets/{number}/desaccord", kSeesProject, ConflictPage},
      {kPost, "/projets/{number}/desaccord", kSeesProject, SettleConflict},
      {kPost, "/projets/{number}/relances/{task}", kSeesProject, NudgeAct},
      {kGet, "/projets/{number}/prolonger", kSeesProject, ExtendPage},
      {kPost, "/projets/{number}/prolonger", kSeesProject, ExtendAct},
      {kGet, "/projets/{number}/documents/{form}/{version}", kSeesProject, DocumentPage},
      {kGet, "/projets/{number}/documents/{form}/{version}/changements", kSeesProject, ChangesPage},
      {kGet, "/projets/{number}/consolidation", kSeesPanel, ConsolidationPage},
      {kGet, "/projets/{number}/fiches.json", kSeesProject, HandOver},
      {kGet, "/formulaires/{form}", kPublic, BlankFormPage},
      {kGet, "/fichiers/{file}", kSeesFile, DownloadFile},
  };
}

List CommitteeRoutes() {
  return {
      {kGet, "/comite", kCommittee, CommitteePage},
      {kPost, "/comite", kDecides, AddSitting},
      {kGet, "/comite/{sitting}", kCommittee, SittingPage},
      {kPost, "/comite/{sitting}", kDecides, ChangeAgenda},
      {kPost, "/comite/{sitting}/convocation", kDecides, ConveneCommittee},
      {kGet, "/comite/{sitting}/decisions", kDecides, PreparePage},
      {kPost, "/comite/{sitting}/decisions", kDecides, PrepareDecisions},
      {kGet, "/comite/{sitting}/publication", kDecides, ReleasePage},
      {kPost, "/comite/{sitting}/publication", kDecides, ReleaseDecisions},
      {kGet, "/comite/{sitting}/proces-verbal", kCommittee, MinutesPage},
      {kGet, "/comite/{sitting}/proces-verbal.csv", kCommittee, MinutesCsv},
      {kGet, "/comite/{sitting}/proces-verbal.xlsx", kCommittee, MinutesXlsx},
  };
}

List SurveyRoutes() {
  return {
      {kGet, "/projets/{number}/enquetes", kSeesProject, SurveysPage},
      {kPost, "/projets/{number}/enquetes", kSeesProject, OpenSurveyAct},
      {kGet, "/projets/{number}/enquetes/{survey}", kSeesProject, SurveyResultsPage},
      {kPost, "/projets/{number}/enquetes/{survey}/fin", kSeesProject, CloseSurveyAct},
      {kPost, "/projets/{number}/enquetes/{survey}/lien", kSeesProject, RenewSurveyLink},
      {kGet, "/enquete/{token}", kHoldsLink, SurveyFormPage},
      {kPost, "/enquete/{token}", kHoldsLink, AnswerSurvey},
  };
}

List SteeringRoutes() {
  return {
      {kGet, "/pilotage", kSteering, PipelinePage},
      {kGet, "/pilotage/rails.svg", kSteering, PipelineRails},
      {kPost, "/pilotage/relances", kOffice, NudgeCellAct},
      {kGet, "/pilotage/passages", kSteering, PassagesPage},
      {kGet, "/pilotage/passages.csv", kSteering, PassagesCsv},
      {kGet, "/pilotage/passages.xlsx", kSteering, PassagesXlsx},
      {kGet, "/pilotage/mesures", kSteering, MeasuredPage},
      {kGet, "/pilotage/mesures.csv", kSteering, MeasuredCsv},
      {kGet, "/pilotage/mesures.xlsx", kSteering, MeasuredXlsx},
      {kGet, "/pilotage/chiffres/{panel}", kSteering, FiguresPage},
      {kGet, "/pilotage/chiffres/{panel}/tableau.csv", kSteering, FigureCsv},
      {kGet, "/pilotage/chiffres/{panel}/tableau.xlsx", kSteering, FiguresXlsx},
      {kGet, "/methode", kLoggedIn, MethodsPage},
      {kGet, "/api/v1/pipeline", kSteering, PipelineApi},
      {kGet, "/api/v1/openapi.json", kPublic, OpenApiDocument},
      {kGet, "/pilotage/infolettre", kOffice, NewsletterPage},
      {kGet, "/pilotage/infolettre.md", kOffice, NewsletterMarkdown},
      {kGet, "/pilotage/infolettre.html", kOffice, NewsletterHtml},
      {kGet, "/pilotage/incidents", kSteering, IncidentsPage},
      {kGet, "/pilotage/incidents.csv", kSteering, IncidentsCsv},
      {kGet, "/pilotage/incidents.xlsx", kSteering, IncidentsXlsx},
      {kPost, "/pilotage/incidents/{incident}", kOffice, EndIncidentAct},
      {kGet, "/pilotage/quarantaine", kOffice, QuarantinePage},
      {kGet, "/pilotage/quarantaine/{dossier}", kOffice, HeldPage},
      {kPostFiles, "/pilotage/quarantaine/{dossier}", kOffice, CompleteHeld},
      {kGet, "/pilotage/echanges", kSteering, ExchangePage},
      {kGet, "/pilotage/ecarts", kSteering, DriftPage},
      {kPost, "/pilotage/ecarts", kOffice, AskForDrift},
  };
}

List OfficeRoutes() {
  return {
      {kGet, "/courriels", kOffice, MailsPage},
      {kGet, "/courriels.csv", kOffice, MailsCsv},
      {kGet, "/courriels.xlsx", kOffice, MailsXlsx},
      {kGet, "/courriels/{mail}", kReadsMail, MailPage},
      {kGet, "/courriels/{mail}/corps", kReadsMail, MailBody},
      {kPost, "/courriels/{mail}/ecarter", kOffice, DiscardMail},
      {kPost, "/courriels/{mail}/envoyer", kOffice, SendMailNow},
      {kPost, "/courriels/{mail}/renvoyer", kOffice, SendMailAgain},
      {kGet, "/courriels/{mail}/recrire", kOffice, RewriteMailPage},
      {kPost, "/courriels/{mail}/recrire", kOffice, RewriteMail},
      {kGet, "/personnes", kDirectory, PeoplePage},
      {kGet, "/personnes.csv", kDirectory, PeopleCsv},
      {kGet, "/personnes.xlsx", kDirectory, PeopleXlsx},
      {kPost, "/personnes", kPeople, AddPerson},
      {kGet, "/personnes/{person}", kDirectory, PersonPage},
      {kPost, "/personnes/{person}/acces", kPeople, ChangeAccess},
      {kPost, "/personnes/{person}/adresse", kPeople, ChangeAddress},
      {kPost, "/personnes/{person}/roles", kPeople, AddRole},
      {kPost, "/personnes/{person}/roles/{grant}/fin", kPeople, EndRole},
      {kPost, "/personnes/{person}/absences", kPeople, DeclareTheirAbsence},
      {kPost, "/personnes/{person}/absences/{absence}/fin", kPeople, EndTheirAbsence},
      {kGet, "/appels", kPilot, CallsPage},
      {kPost, "/appels", kPilot, SaveCallAct},
      {kGet, "/appels/{call}/correspondance", kPilot, MappingPage},
      {kPost, "/appels/{call}/correspondance", kPilot, SaveMappingAct},
      {kPost, "/appels/{call}/correspondance/{version}/retablir", kPilot, RestoreMapping},
      {kGet, "/appels/{call}/courriels", kPilot, MailTextsPage},
      {kGet, "/appels/{call}/courriels/{message}", kPilot, MailTextPage},
      {kPost, "/appels/{call}/courriels/{message}", kPilot, ChangeMailText},
      {kGet, "/appels/{call}/courriels/{message}/apercu", kPilot, MailTextLook},
      {kPost, "/appels/{call}/courriels/{message}/apercu", kPilot, MailTextLook},
      {kPost, "/appels/{call}/courriels/{message}/{version}/retablir", kPilot, RestoreMailText},
  };
}

}  // namespace

const std::vector<Route>& Routes() {
  static const List routes = [] {
    List all;
    for (const List& part : {PublicRoutes(), AccountRoutes(), ProjectRoutes(), CommitteeRoutes(),
                             SurveyRoutes(), SteeringRoutes(), OfficeRoutes()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return routes;
}

}  // namespace aiguillage::web

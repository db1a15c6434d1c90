// Every page and every act of the counter, one function each; routes.cpp says at which address.
#pragma once

#include "web/exchanges.h"
#include "web/page.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

// pages/public.cpp
Response HomePage(Visit& visit);
Response CallPublicPage(Visit& visit);
Response CollectionsPage(Visit& visit);
Response PublicationsPage(Visit& visit);
Response PublicationsCalendar(Visit& visit);  // iCalendar
Response PublicationsFeed(Visit& visit);      // Atom
// pages/statements.cpp
Response AccessibilityPage(Visit& visit);
Response LegalPage(Visit& visit);
Response PrivacyPage(Visit& visit);
// pages/entrance.cpp
Response LoginPage(Visit& visit);
Response AskLoginLink(Visit& visit);
Response LoginLinkPage(Visit& visit);
Response UseLoginLink(Visit& visit);
Response LogOut(Visit& visit);
Response AccountPage(Visit& visit);
Response EndOtherSessions(Visit& visit);
Response EndOneSession(Visit& visit);
Response DeclareOwnAbsence(Visit& visit);
Response EndOwnAbsence(Visit& visit);
// pages/tasks.cpp
Response TasksPage(Visit& visit);
Response TakeBackAct(Visit& visit);
// pages/register.cpp
Response RegisterPage(Visit& visit);
Response RegisterCsv(Visit& visit);
Response RegisterXlsx(Visit& visit);
// pages/project.cpp
Response ProjectPage(Visit& visit);
// Its exchanges, with a message that could not be sent.
Response ShowProject(Visit& visit, int status, const TypedMessage& typed);
Response ProjectRails(Visit& visit);
Response PostMessage(Visit& visit);
// pages/decision.cpp
Response DecisionPage(Visit& visit);
Response Decide(Visit& visit);
// pages/consolidation.cpp
Response ConsolidationPage(Visit& visit);  // the reviewers side by side
// pages/committee.cpp
Response CommitteePage(Visit& visit);
Response AddSitting(Visit& visit);
Response SittingPage(Visit& visit);
Response ChangeAgenda(Visit& visit);
Response ConveneCommittee(Visit& visit);
// pages/committee_decisions.cpp
Response PreparePage(Visit& visit);  // ?action=&projet=&projet=…: a preflight and the form
Response PrepareDecisions(Visit& visit);
// pages/committee_release.cpp
Response ReleasePage(Visit& visit);  // what releasing would do, row by row
Response ReleaseDecisions(Visit& visit);
// pages/committee_minutes.cpp
Response MinutesPage(Visit& visit);
Response MinutesCsv(Visit& visit);
Response MinutesXlsx(Visit& visit);
Response KeepDraft(Visit& visit);  // as one types: answers with a line of text
Response DropDraft(Visit& visit);
// pages/document.cpp
Response DocumentPage(Visit& visit);
Response HandOver(Visit& visit);  // what the platform needs to publish, as JSON
Response BlankFormPage(Visit& visit);
Response DownloadFile(Visit& visit);
// pages/changes.cpp
Response ChangesPage(Visit& visit);  // ?depuis=: the version compared with
// pages/pipeline.cpp
Response PipelinePage(Visit& visit);
Response PipelineRails(Visit& visit);  // ?appel=: an SVG, the count of projects in each state
// pages/incidents.cpp
Response IncidentsPage(Visit& visit);
Response IncidentsCsv(Visit& visit);
Response IncidentsXlsx(Visit& visit);
Response EndIncidentAct(Visit& visit);
// pages/quarantine.cpp
Response QuarantinePage(Visit& visit);
Response HeldPage(Visit& visit);
Response CompleteHeld(Visit& visit);
// pages/drift.cpp
Response ExchangePage(Visit& visit);  // readings of DS, the one under way first
Response DriftPage(Visit& visit);     // what differs between here and DS
Response AskForDrift(Visit& visit);
// pages/conflict.cpp
Response ConflictPage(Visit& visit);  // DS decided otherwise: both sides
Response SettleConflict(Visit& visit);
// pages/deadlines.cpp
Response NudgeAct(Visit& visit);
Response ExtendPage(Visit& visit);
Response ExtendAct(Visit& visit);
bool SeesConflict(const Visit& visit, storage::Session& session);
// pages/mails.cpp
Response MailsPage(Visit& visit);
Response MailsCsv(Visit& visit);
Response MailsXlsx(Visit& visit);
Response MailPage(Visit& visit);
Response ShowMail(Visit& visit, int status, const std::string& error);
// Its gestures by hand and their traces, for the mail's own page.
void AddHand(View& view, const Visit& visit, const storage::OutboxRow& row);
Response DiscardMail(Visit& visit);
Response SendMailNow(Visit& visit);
Response SendMailAgain(Visit& visit);
Response RewriteMailPage(Visit& visit);
Response RewriteMail(Visit& visit);
Response MailBody(Visit& visit);
// pages/people.cpp
Response PeoplePage(Visit& visit);
Response PeopleCsv(Visit& visit);
Response PeopleXlsx(Visit& visit);
Response PersonPage(Visit& visit);
Response AddPerson(Visit& visit);
Response ChangeAccess(Visit& visit);
Response ChangeAddress(Visit& visit);  // disabled, or let in again
Response AddRole(Visit& visit);
Response EndRole(Visit& visit);
Response DeclareTheirAbsence(Visit& visit);
Response EndTheirAbsence(Visit& visit);
// pages/calls.cpp
Response CallsPage(Visit& visit);
Response SaveCallAct(Visit& visit);
// pages/mapping.cpp
Response MappingPage(Visit& visit);
Response SaveMappingAct(Visit& visit);
Response RestoreMapping(Visit& visit);
// pages/surveys.cpp
Response SurveysPage(Visit& visit);  // of a project: open one, read results
Response OpenSurveyAct(Visit& visit);
Response SurveyResultsPage(Visit& visit);
Response CloseSurveyAct(Visit& visit);
Response RenewSurveyLink(Visit& visit);
// pages/survey_public.cpp
Response SurveyFormPage(Visit& visit);  // whoever holds its link
Response AnswerSurvey(Visit& visit);
// pages/service.cpp
Response HealthPage(Visit& visit);
Response MetricsPage(Visit& visit);

}  // namespace aiguillage::web

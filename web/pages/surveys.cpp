// A project's surveys, for those who run it: open one, hand out its link, read what it says.
#include "web/surveys.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "storage/calls.h"
#include "storage/error.h"
#include "storage/hash.h"
#include "storage/people.h"
#include "web/pages/handlers.h"
#include "web/project_mail.h"
#include "web/words.h"
#include "workflows/access.h"
#include "workflows/calendar.h"
#include "workflows/mail_pace.h"

namespace aiguillage::web {

namespace {

// What the page says besides the list: the link just made (it cannot be shown again), or why not.
struct SurveyNews {
  int status = 200;
  std::string link, link_form, error, closes_on;
};

std::string SurveysAddress(const Visit& visit) {
  return "/projets/" + visit.project->number + "/enquetes";
}

// The questionnaires are those of the newest rails of the call: they are mended while projects run.
std::shared_ptr<const workflows::Definition> RailsOfCall(Visit& visit, storage::Session& session) {
  const auto call = storage::FindCall(session, visit.project->call);
  return call ? visit.services.catalog.Newest(call->definition) : nullptr;
}

std::string FormTitle(Visit& visit, storage::Session& session, const storage::Survey& survey) {
  const auto definition = visit.services.catalog.Pinned(session, survey.definition);
  const auto* form = FormOf(*definition, survey.form);
  return form == nullptr ? survey.form : form->title;
}

std::string NameOfPerson(storage::Session& session, std::int64_t person) {
  const auto found = storage::FindPerson(session, person);
  return found ? NameOf(*found) : "";
}

std::string UntilWords(const storage::Survey& survey, std::int64_t now) {
  if (survey.closed_at != 0) return "close le " + workflows::FrenchDate(survey.closed_at);
  if (!survey.IsOpen(workflows::ParisDate(now))) {
    return "close depuis le " + FrenchIsoDate(survey.closes_on);
  }
  return survey.closes_on.empty() ? "ouverte"
                                  : "ouverte jusqu’au " + FrenchIsoDate(survey.closes_on);
}

void SetSurvey(View& view, Visit& visit, storage::Session& session, const storage::Survey& survey,
               bool may_open) {
  const auto count = storage::CountAnswers(session, survey.id);
  const bool open = survey.IsOpen(workflows::ParisDate(visit.now));
  view.Set("s_title", FormTitle(visit, session, survey))
      .Set("s_href", SurveysAddress(visit) + "/" + std::to_string(survey.id))
      .Set("s_until", UntilWords(survey, visit.now))
      .Set("s_tone", open ? "soon" : "quiet")
      .Set("s_opened", workflows::FrenchDate(survey.opened_at))
      .Set("s_who", NameOfPerson(session, survey.opened_by))
      .Set("s_closed_by", NameOfPerson(session, survey.closed_by))
      .Set("s_count", Plural(count, "réponse", "réponses"))
      .Set("s_missing", count >= kAnswersToShow ? "" : std::to_string(kAnswersToShow - count))
      .Set("s_may_close", open && may_open);
}

void AddQuestionnaires(View& view, Visit& visit, storage::Session& session,
                       const std::vector<storage::Survey>& surveys) {
  view.SetList("questionnaires");
  const auto definition = RailsOfCall(visit, session);
  if (!definition) return;
  const std::string today = workflows::ParisDate(visit.now);
  for (const auto& offered : SurveyForms(*definition)) {
    const bool open = std::any_of(surveys.begin(), surveys.end(), [&](const auto& survey) {
      return survey.form == offered.id && survey.IsOpen(today);
    });
    if (open) continue;
    view.AddRow("questionnaires")
        .Set("q_id", offered.id)
        .Set("q_title", offered.form->title)
        .Set("q_blank", "/formulaires/" + offered.id);
  }
}

Response ShowSurveys(Visit& visit, const SurveyNews& news) {
  View view;
  visit.services.database.Read([&](storage::Session& session) {
    const Sight sight = SightOf(session, *visit.visitor, *visit.project, visit.now);
    const bool may_open = MayOpenSurveys(sight);
    const auto surveys = storage::SurveysOf(session, visit.project->id);
    view.SetList("surveys");
    for (const auto& survey : surveys) {
      SetSurvey(view.AddRow("surveys"), visit, session, survey, may_open);
    }
    AddQuestionnaires(view, visit, session, surveys);
    view.Set("may_open", may_open && IsPublished(*visit.project));
  });
  view.Set("number", visit.project->number)
      .Set("project_title", visit.project->title)
      .Set("published", IsPublished(*visit.project))
      .Set("surveys_href", SurveysAddress(visit))
      .Set("link", news.link)
      .Set("link_form", news.link_form)
      .Set("error", news.error)
      .Set("closes_on", news.closes_on);
  const std::string title = "Enquêtes anonymes";
  return Page(visit, news.status, "surveys", news.error.empty() ? title : "Erreur : " + title,
              std::move(view));
}

void RefuseOthers(Visit& visit, storage::Session& session) {
  if (MayOpenSurveys(SightOf(session, *visit.visitor, *visit.project, visit.now))) return;
  throw HttpError(403, "Le porteur du projet et le pilote du programme ouvrent les enquêtes.");
}

storage::Survey SurveyAsked(Visit& visit, storage::Session& session) {
  const auto id = IdIn(visit.Parameter("survey"));
  const auto survey = id ? storage::FindSurvey(session, *id) : std::nullopt;
  if (!survey || survey->project != visit.project->id) {
    throw HttpError(404, "Cette enquête n’existe pas.");
  }
  return *survey;
}

std::string LinkOf(const Visit& visit, const std::string& secret) {
  return visit.services.options.public_url + "/enquete/" + secret;
}

// "" when the day may be the last one.
std::string LastDayError(const std::string& day, std::int64_t now) {
  if (day.empty()) return "";
  if (day.size() != 10 || !workflows::ParseInstant(day)) {
    return "La date de fin s’écrit comme 2027-03-31.";
  }
  return day < workflows::ParisDate(now) ? "La date de fin est déjà passée." : "";
}

// Whose last day has passed makes room; one that is open does not.
bool MakeRoom(Visit& visit, storage::Session& session, const std::string& form) {
  for (auto survey : storage::SurveysOf(session, visit.project->id)) {
    if (survey.form != form || survey.closed_at != 0) continue;
    if (survey.IsOpen(workflows::ParisDate(visit.now))) return false;
    survey.closed_at = visit.now;
    storage::UpdateSurvey(session, survey);
  }
  return true;
}

// The holder is told, and the leads in copy; who opened it knows. Its link stays where it was
// shown.
void TellOfSurvey(storage::Session& session, Visit& visit, const storage::Survey& survey,
                  const forms::Form& form) {
  const auto& project = *visit.project;
  const auto definition = visit.services.catalog.Pinned(session, project.definition);
  auto payload = ProjectVariables(session, Rails(definition->chart), project, visit.now);
  payload["actor"] = NameOf(visit.visitor->person);
  payload["items"] = {{{"label", "Questionnaire"}, {"value", form.title}}};
  payload["due"] = survey.closes_on.empty() ? "" : FrenchIsoDate(survey.closes_on);
  ProjectMail mail{"survey_opened", "survey:" + std::to_string(survey.id), payload,
                   workflows::kDuties};
  std::set<std::int64_t> told = {visit.visitor->person.id};
  for (const char* role : {"project_holder", "collection_lead"}) {
    mail.copy = std::string(role) != "project_holder";
    mail.kind = mail.copy ? workflows::kNews : workflows::kDuties;
    for (const auto& reader : workflows::PeopleWith(session, role, project)) {
      if (!told.insert(reader.id).second) continue;
      QueueProjectMail(session, project, mail, reader, visit.now);
    }
  }
}

std::string OpenOne(Visit& visit, storage::Session& session, const std::string& secret,
                    const std::string& closes_on, SurveyNews& news) {
  const std::string wanted = visit.request.Field("form");
  const auto definition = RailsOfCall(visit, session);
  if (!IsPublished(*visit.project)) {
    return "Une enquête s’ouvre une fois la formation en ligne.";
  }
  const forms::Form* form = nullptr;
  for (const auto& offered : definition ? SurveyForms(*definition) : std::vector<SurveyForm>()) {
    if (offered.id == wanted) form = offered.form;
  }
  if (form == nullptr) return "Choisissez un questionnaire de la liste.";
  if (!MakeRoom(visit, session, wanted)) {
    return "Cette enquête est déjà ouverte. Si son lien est perdu, faites-en un nouveau.";
  }
  storage::Survey survey;
  survey.project = visit.project->id;
  survey.form = wanted;
  survey.definition = definition->hash;
  survey.token_hash = storage::Sha256(secret);
  survey.opened_at = visit.now;
  survey.opened_by = visit.visitor->person.id;
  survey.closes_on = closes_on;
  survey.id = storage::OpenSurvey(session, survey);
  TellOfSurvey(session, visit, survey, *form);
  news.link = LinkOf(visit, secret);
  news.link_form = form->title;
  return "";
}

// « 4,2 »
std::string MeanWords(double mean) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", mean);
  std::string words = text;
  std::replace(words.begin(), words.end(), '.', ',');
  return words;
}

void AddResults(View& view, const std::vector<QuestionResult>& results) {
  view.SetList("questions");
  for (const auto& result : results) {
    View& row = view.AddRow("questions");
    row.Set("r_label", result.label)
        .Set("r_answered", Plural(result.answered, "réponse", "réponses"))
        .Set("r_missing", result.missing == 0 ? "" : std::to_string(result.missing))
        .Set("r_mean", result.mean ? MeanWords(*result.mean) : "")
        .Set("r_share", result.share)
        .Set("r_written", !result.texts.empty())
        .Set("r_counted", !result.options.empty());
    row.SetList("r_options").SetList("r_texts");
    for (const auto& option : result.options) {
      row.AddRow("r_options")
          .Set("o_label", option.label)
          .Set("o_count", std::to_string(option.count));
    }
    for (const auto& text : result.texts) row.AddRow("r_texts").Set("t_words", text);
  }
}

}  // namespace

Response SurveysPage(Visit& visit) { return ShowSurveys(visit, {}); }

Response OpenSurveyAct(Visit& visit) {
  SurveyNews news;
  const std::string closes_on = Trim(visit.request.Field("closes_on"));
  const std::string secret = storage::RandomHex(16);
  news.error = LastDayError(closes_on, visit.now);
  try {
    visit.services.database.Write([&](storage::Session& session) {
      RefuseOthers(visit, session);
      if (news.error.empty()) news.error = OpenOne(visit, session, secret, closes_on, news);
    });
  } catch (const storage::Conflict&) {  // two at once
    news.error = "Cette enquête est déjà ouverte. Si son lien est perdu, faites-en un nouveau.";
  }
  if (!news.error.empty()) {
    news.status = 422;
    news.link.clear();
    news.closes_on = closes_on.substr(0, 10);
  }
  return ShowSurveys(visit, news);
}

Response RenewSurveyLink(Visit& visit) {
  SurveyNews news;
  const std::string secret = storage::RandomHex(16);
  visit.services.database.Write([&](storage::Session& session) {
    RefuseOthers(visit, session);
    auto survey = SurveyAsked(visit, session);
    if (!survey.IsOpen(workflows::ParisDate(visit.now))) {
      throw HttpError(409, "Cette enquête est close : elle n’a plus besoin de lien.");
    }
    survey.token_hash = storage::Sha256(secret);
    storage::UpdateSurvey(session, survey);
    news.link = LinkOf(visit, secret);
    news.link_form = FormTitle(visit, session, survey);
  });
  return ShowSurveys(visit, news);
}

Response CloseSurveyAct(Visit& visit) {
  visit.services.database.Write([&](storage::Session& session) {
    RefuseOthers(visit, session);
    auto survey = SurveyAsked(visit, session);
    if (survey.closed_at != 0) return;  // pressed twice
    survey.closed_at = visit.now;
    survey.closed_by = visit.visitor->person.id;
    storage::UpdateSurvey(session, survey);
  });
  return SeeOther(SurveysAddress(visit) + "/" + visit.Parameter("survey"));
}

Response SurveyResultsPage(Visit& visit) {
  View view;
  std::string title;
  visit.services.database.Read([&](storage::Session& session) {
    const auto survey = SurveyAsked(visit, session);
    const Sight sight = SightOf(session, *visit.visitor, *visit.project, visit.now);
    SetSurvey(view, visit, session, survey, MayOpenSurveys(sight));
    title = FormTitle(visit, session, survey);
    const auto definition = visit.services.catalog.Pinned(session, survey.definition);
    const auto* form = FormOf(*definition, survey.form);
    const auto answers = storage::AnswersOf(session, survey.id);
    AddResults(view, form == nullptr ? std::vector<QuestionResult>() : ResultsOf(*form, answers));
    const auto since =
        storage::CountAnswers(session, survey.id) - static_cast<std::int64_t>(answers.size());
    view.Set("waiting", answers.empty() || since == 0 ? "" : Plural(since, "réponse", "réponses"));
  });
  view.Set("number", visit.project->number)
      .Set("project_title", visit.project->title)
      .Set("surveys_href", SurveysAddress(visit));
  return Page(visit, 200, "survey_results", title, std::move(view));
}

}  // namespace aiguillage::web

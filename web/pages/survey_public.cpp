// A survey as trainees meet it: its link is all they need. Nobody is recognised here, no cookie is
// set, and nothing of an answer but the answer and its day is kept.
#include "forms/answers.h"
#include "forms/hidden.h"
#include "forms/validate.h"
#include "forms/view.h"
#include "storage/hash.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "web/form_view.h"
#include "web/pages/handlers.h"
#include "web/session.h"
#include "web/surveys.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

struct OpenedSurvey {
  storage::Survey survey;
  std::shared_ptr<const workflows::Definition> definition;
  const forms::Form* form = nullptr;
  std::string training;
};

std::optional<OpenedSurvey> SurveyOf(Visit& visit, storage::Session& session) {
  const auto survey =
      storage::FindSurveyByToken(session, storage::Sha256(visit.Parameter("token")));
  if (!survey || !survey->IsOpen(workflows::ParisDate(visit.now))) return std::nullopt;
  const auto project = storage::FindProjectById(session, survey->project);
  OpenedSurvey opened{*survey, visit.services.catalog.Pinned(session, survey->definition), nullptr,
                      project ? project->title : ""};
  opened.form = FormOf(*opened.definition, survey->form);
  return opened.form == nullptr ? std::nullopt : std::optional(opened);
}

// One of: the questionnaire, thanks, or that the link opens nothing any more.
Response Say(Visit& visit, int status, const std::string& what, const std::string& title, View view,
             const std::string& training = "") {
  view.Set("asked", what == "asked").Set("thanked", what == "thanked").Set("over", what == "over");
  if (what != "asked") {
    AddForm(view, forms::FormView{}, {});
    view.Set("training", "").Set("action", "").Set("key", "");
  }
  return Page(visit, status, "survey", title, std::move(view), training);
}

Response Over(Visit& visit) { return Say(visit, 404, "over", "Cette enquête est close", View()); }

Response Ask(Visit& visit, int status, const OpenedSurvey& opened, const nlohmann::json& answers,
             const std::vector<forms::FieldError>& errors, const std::string& key) {
  View view;
  AddForm(view, forms::EditView(*opened.form, answers, errors), {});
  view.Set("training", opened.training)
      .Set("action", "/enquete/" + visit.Parameter("token"))
      .Set("key", key);
  return Say(visit, status, "asked", (errors.empty() ? "" : "Erreur : ") + opened.form->title,
             std::move(view), opened.training);
}

// What is counted holds the link's secret, which is not in the record: no address can be found
// again by trying them all.
std::string SourceDigest(const Visit& visit) {
  return storage::Sha256("survey " + visit.Parameter("token") + " " + visit.request.client);
}

std::vector<forms::FieldError> ErrorsOf(const Visit& visit, const forms::Form& form,
                                        const nlohmann::json& answers) {
  auto errors = forms::Validate(form, answers, workflows::ParisDate(visit.now));
  if (errors.empty() && answers.empty()) {
    errors.push_back({"", "Répondez à une question au moins."});
  }
  return errors;
}

}  // namespace

Response SurveyFormPage(Visit& visit) {
  return visit.services.database.Read([&](storage::Session& session) {
    const auto opened = SurveyOf(visit, session);
    if (!opened) return Over(visit);
    return Ask(visit, 200, *opened, nlohmann::json::object(), {}, storage::RandomHex(16));
  });
}

Response AnswerSurvey(Visit& visit) {
  constexpr std::int64_t kHour = 3'600'000;
  const auto opened = visit.services.database.Read(
      [&](storage::Session& session) { return SurveyOf(visit, session); });
  if (!opened) return Over(visit);
  const std::string key = visit.request.Field("cle").substr(0, 64);
  const forms::Posted posted(visit.request.fields.begin(), visit.request.fields.end());
  auto read = forms::AnswersFrom(*opened->form, posted);
  if (!read) throw HttpError(400, read.refusal().sentence);
  const auto answers = forms::WithoutHidden(*opened->form, std::move(read).value());
  const auto errors = ErrorsOf(visit, *opened->form, answers);
  if (!errors.empty()) return Ask(visit, 422, *opened, answers, errors, key);
  const std::string source = SourceDigest(visit);
  const HttpError too_many(
      429, "Trop de réponses viennent du même réseau en une heure : réessayez plus tard.");
  if (!visit.house.attendance.Allow(source, kAnswersAnHourPerSource, kHour, visit.now)) {
    throw too_many;
  }
  // Sent twice (a double click), it is one answer.
  const std::string once = storage::Sha256(visit.Parameter("token") + " " +
                                           (key.empty() ? storage::RandomHex(16) : key));
  const bool kept = visit.services.database.Write([&](storage::Session& session) {
    if (storage::CountRequest(session, source, kHour, visit.now) > kAnswersAnHourPerSource) {
      return false;
    }
    if (storage::CountAnswers(session, opened->survey.id) >= kAnswersMax) {
      throw HttpError(409, "Cette enquête a reçu toutes les réponses qu’elle peut garder.");
    }
    storage::AddAnswer(session, opened->survey.id, once, workflows::ParisDate(visit.now), answers);
    return true;
  });
  if (!kept) throw too_many;
  return Say(visit, 200, "thanked", "Merci, votre réponse est enregistrée", View());
}

}  // namespace aiguillage::web

// Preparing one decision for several projects: a preflight row by row, the form once, then held
// until the sitting is released, or done at once.
#include "forms/answers.h"
#include "forms/validate.h"
#include "forms/view.h"
#include "storage/hash.h"
#include "web/committee.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/sight.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

// One project of the batch: what would happen, or why nothing can.
struct BatchRow {
  SittingRow row;
  std::string why;      // "" when it can be done
  std::string outcome;  // what would happen, once rehearsed
};

struct Batch {
  Sitting sitting;
  Choice choice;
  const forms::Form* form = nullptr;  // null: nothing to fill in
  std::vector<BatchRow> rows;
  nlohmann::json answers = nlohmann::json::object();
  std::vector<forms::FieldError> errors;
  bool rehearsed = false;
};

std::vector<std::string> Ticked(const Fields& fields) {
  std::vector<std::string> numbers;
  for (const auto& [name, value] : fields) {
    if (name == "projet") numbers.push_back(value);
  }
  return numbers;
}

bool HasField(const forms::Form* form, const std::string& name) {
  return form != nullptr && forms::FindField(*form, name) != nullptr;
}

// A batch takes no files: they are added on the project's own decision page.
forms::Form WithoutFiles(forms::Form form) {
  std::erase_if(form.fields, [](const auto& field) { return field.widget == "file"; });
  return form;
}

Batch ReadBatch(Visit& visit, storage::Session& session, const std::string& action,
                const std::vector<std::string>& numbers) {
  Batch batch;
  batch.sitting = ReadSitting(visit, session);
  if (!batch.sitting.may_decide) {
    throw HttpError(403, "Cette séance est celle du comité d’un autre appel.");
  }
  const Choice* choice = batch.sitting.FindChoice(action);
  if (choice == nullptr) return batch;
  batch.choice = *choice;
  batch.form = FormOf(*batch.sitting.definition, choice->form);
  for (const auto& number : numbers) {
    const SittingRow* row = batch.sitting.FindRow(number);
    if (row == nullptr) continue;
    batch.rows.push_back({*row, WhyNot(visit, session, batch.sitting, *row, action), ""});
  }
  return batch;
}

// What the sitting already knows; a decision held before is taken up again.
nlohmann::json FirstBatchAnswers(const Batch& batch) {
  if (batch.rows.size() == 1 && batch.rows[0].row.item.decision == batch.choice.id) {
    return batch.rows[0].row.item.answers;
  }
  nlohmann::json answers = nlohmann::json::object();
  if (HasField(batch.form, "session_date")) answers["session_date"] = batch.sitting.session.held_on;
  return answers;
}

// The common answers, and the rank where the form asks for it and nobody gave one.
nlohmann::json AnswersFor(const Batch& batch, const SittingRow& row) {
  nlohmann::json answers = batch.answers;
  if (HasField(batch.form, "rank") && !answers.contains("rank") && row.has_marks) {
    answers["rank"] = row.ranked.rank;
  }
  return answers;
}

Response ShowBatch(Visit& visit, int status, const Batch& batch) {
  View view;
  view.Set("sitting_title", batch.sitting.Title())
      .Set("sitting_href", batch.sitting.Href())
      .Set("prepare_href", batch.sitting.Href("/decisions"))
      .Set("action", batch.choice.id)
      .Set("rehearsed", batch.rehearsed)
      .Set("has_form", batch.form != nullptr)
      .Set("has_rank", HasField(batch.form, "rank") && batch.rows.size() > 1);
  view.SetList("rows");
  std::int64_t possible = 0;
  for (const auto& one : batch.rows) {
    possible += one.why.empty() ? 1 : 0;
    view.AddRow("rows")
        .Set("r_number", one.row.project.number)
        .Set("r_href", "/projets/" + one.row.project.number)
        .Set("r_title", one.row.project.title)
        .Set("r_can", one.why.empty())
        .Set("r_why", one.why)
        .Set("r_outcome", one.outcome);
  }
  view.Set("possible", possible == 0 ? "" : Plural(possible, "projet", "projets"));
  if (batch.form != nullptr) {
    AddForm(view, forms::EditView(WithoutFiles(*batch.form), batch.answers, batch.errors, 1), {});
  } else {
    AddForm(view, forms::FormView{}, {});
  }
  const std::string title = (batch.errors.empty() ? "" : "Erreur : ") + batch.choice.label;
  return Page(visit, status, "committee_prepare", title, std::move(view));
}

// Each row rehearsed by the desk itself, with its own answers and its own rails.
void Rehearse(Visit& visit, Batch& batch) {
  for (auto& one : batch.rows) {
    if (!one.why.empty()) continue;
    one.row.item.decision = batch.choice.id;
    one.row.item.answers = AnswersFor(batch, one.row);
    const auto answer = visit.services.desk.Act(HeldAct(visit, one.row, true));
    if (answer) {
      one.outcome = OutcomeWords(*batch.sitting.definition, answer.value());
    } else {
      one.why = answer.refusal().sentence;
    }
  }
  batch.rehearsed = true;
}

// From what was posted; errors are those of the common answers, beside their fields.
void ReadBatchAnswers(const Visit& visit, Batch& batch) {
  if (batch.form == nullptr) return;
  const forms::Posted posted(visit.request.fields.begin(), visit.request.fields.end());
  auto answers = forms::AnswersFrom(*batch.form, posted);
  if (!answers) {
    batch.errors.push_back({"", answers.refusal().sentence});
    return;
  }
  batch.answers = std::move(answers).value();
  nlohmann::json judged = batch.answers;
  for (const auto& one : batch.rows) {
    if (one.why.empty()) judged = AnswersFor(batch, one.row);
  }
  batch.errors = forms::Validate(*batch.form, judged, workflows::ParisDate(visit.now));
}

// Kept as held, unless somebody decided in between.
void Hold(Visit& visit, Batch& batch) {
  visit.services.database.Write([&](storage::Session& session) {
    const Sitting present = ReadSitting(visit, session);
    for (auto& one : batch.rows) {
      if (!one.why.empty()) continue;
      one.why = "Retiré de l’ordre du jour entre-temps.";
      for (const auto& row : present.rows) {
        if (row.project.id != one.row.project.id) continue;
        one.why = row.decided ? "Déjà décidé : « " + row.decided->label + " »." : "";
      }
      if (!one.why.empty()) continue;
      storage::CommitteeItem item = one.row.item;
      item.key = storage::RandomHex(16);
      item.person = visit.visitor->person.id;
      item.at = visit.now;
      item.act.clear();
      storage::HoldDecision(session, item);
    }
  });
}

}  // namespace

Response PreparePage(Visit& visit) {
  const auto numbers = Ticked(visit.request.query);
  Batch batch = visit.services.database.Read([&](storage::Session& session) {
    return ReadBatch(visit, session, visit.request.Query("action"), numbers);
  });
  if (batch.rows.empty()) return SeeOther(batch.sitting.Href("?manque=1"));
  batch.answers = FirstBatchAnswers(batch);
  return ShowBatch(visit, 200, batch);
}

Response PrepareDecisions(Visit& visit) {
  const auto numbers = Ticked(visit.request.fields);
  Batch batch = visit.services.database.Read([&](storage::Session& session) {
    return ReadBatch(visit, session, visit.request.Field("action"), numbers);
  });
  if (batch.rows.empty()) return SeeOther(batch.sitting.Href("?manque=1"));
  ReadBatchAnswers(visit, batch);
  if (!batch.errors.empty()) return ShowBatch(visit, 422, batch);
  Rehearse(visit, batch);
  const bool any = std::any_of(batch.rows.begin(), batch.rows.end(),
                               [](const auto& one) { return one.why.empty(); });
  if (visit.request.Field("do") == "check" || !any) {
    return ShowBatch(visit, any ? 200 : 422, batch);
  }
  Hold(visit, batch);
  const bool all = std::all_of(batch.rows.begin(), batch.rows.end(),
                               [](const auto& one) { return one.why.empty(); });
  if (visit.request.Field("do") == "release") return SeeOther(batch.sitting.Href("/publication"));
  return all ? SeeOther(batch.sitting.Href()) : ShowBatch(visit, 200, batch);
}

}  // namespace aiguillage::web

#include "web/typed.h"

#include <algorithm>

#include "forms/answers.h"
#include "storage/drafts.h"
#include "web/uploads.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

// Files go to their fields; one that is refused is an error beside its field.
void TakeUploads(Visit& visit, const forms::Form& form, Typed& typed, forms::Posted& posted) {
  for (const auto& upload : visit.request.uploads) {
    const auto* field = forms::FindField(form, upload.field);
    if (field == nullptr || field->widget != "file") continue;
    const auto stored = StoreUpload(visit, *field, upload);
    if (!stored) {
      typed.errors.push_back({upload.field, stored.refusal().sentence});
      continue;
    }
    if (field->kind == forms::Kind::kText) {
      std::erase_if(posted, [&](const auto& pair) { return pair.first == upload.field; });
    }
    posted.emplace_back(upload.field, stored.value());
  }
}

}  // namespace

bool ReadAnswers(Visit& visit, const forms::Form* form, const std::vector<forms::Point>& points,
                 Typed& typed) {
  if (form == nullptr) return true;
  forms::Posted posted(visit.request.fields.begin(), visit.request.fields.end());
  TakeUploads(visit, *form, typed, posted);
  auto answers = forms::AnswersFrom(*form, posted);
  if (!answers) {
    typed.errors.push_back({"", answers.refusal().sentence});
    return false;
  }
  typed.answers = forms::WithPoints(*form, std::move(answers).value(), points);
  const std::string today = workflows::ParisDate(visit.now);
  for (auto& error : forms::Validate(*form, typed.answers, today)) typed.errors.push_back(error);
  return typed.errors.empty();
}

Typed TypedFromPost(const Visit& visit) {
  const Request& request = visit.request;
  Typed typed;
  typed.key = request.Field("cle").substr(0, 64);
  typed.task = request.Field("tache");
  typed.task_version = request.Field("tache_version");
  typed.version = request.Field("projet_version");
  const std::string rows = request.Field("lignes");
  typed.blank_rows = rows.size() == 1 || rows == "10" ? std::max(1, std::atoi(rows.c_str())) : 1;
  return typed;
}

workflows::ActRequest RequestOf(const Visit& visit, const Typed& typed) {
  workflows::ActRequest request;
  request.project = visit.project->number;
  request.action = visit.Parameter("action");
  request.actor = {visit.visitor->person.id, ""};
  request.data = typed.answers;
  request.key = typed.key.empty() ? "" : "web-" + typed.key;
  request.now = visit.now;
  request.task = IdIn(typed.task);
  request.task_version = IdIn(typed.task_version);
  if (!request.task || !request.task_version) {
    request.task.reset();
    request.task_version.reset();
    request.expected_version = IdIn(typed.version);
  }
  return request;
}

bool KeepAsDraft(const Visit& visit, const forms::Form& form, const Typed& typed) {
  const std::int64_t project = visit.project->id, person = visit.visitor->person.id;
  const std::string& action = visit.Parameter("action");
  return visit.services.database.Write([&](storage::Session& session) {
    if (typed.answers.empty()) {
      storage::DeleteDraft(session, project, action, person);
      return true;
    }
    return storage::SaveDraft(session,
                              {project, action, person, form.id, visit.now, typed.answers});
  });
}

}  // namespace aiguillage::web

#include "storage/drafts.h"

#include "storage/json_text.h"
#include "storage/session.h"

namespace aiguillage::storage {

bool SaveDraft(Session& session, const Draft& draft) {
  if (JsonText(draft.answers).size() > kDraftBytesMax) return false;
  Query query(session,
              "insert into draft (project, action, person, form, at, answers)"
              " values (:project, :action, :person, :form, :at, :answers)"
              " on conflict (project, action, person) do update set form = excluded.form,"
              " at = excluded.at, answers = excluded.answers");
  query.In("project", draft.project).In("action", draft.action).In("person", draft.person);
  query.In("form", draft.form).In("at", draft.at).In("answers", draft.answers).Run();
  return true;
}

std::optional<Draft> FindDraft(Session& session, std::int64_t project, const std::string& action,
                               std::int64_t person) {
  Draft d;
  Query query(session,
              "select project, action, person, form, at, answers from draft"
              " where project = :project and action = :action and person = :person");
  query.In("project", project).In("action", action).In("person", person);
  query.Out(d.project).Out(d.action).Out(d.person).Out(d.form).Out(d.at).Out(d.answers);
  return query.One() ? std::optional(d) : std::nullopt;
}

void DeleteDraft(Session& session, std::int64_t project, const std::string& action,
                 std::int64_t person) {
  Query query(
      session,
      "delete from draft where project = :project and action = :action and person = :person");
  query.In("project", project).In("action", action).In("person", person).Run();
}

}  // namespace aiguillage::storage

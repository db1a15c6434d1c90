#include "web/done.h"

#include "storage/projects.h"
#include "web/project_head.h"
#include "workflows/access.h"
#include "workflows/reminders.h"

namespace aiguillage::web {

bool CanTakeBack(const Visit& visit, const storage::JournalRow& last) {
  return visit.visitor && last.person == visit.visitor->person.id && last.action != "take_back" &&
         last.action != "intake" && !workflows::IsBesideRails(last.action) &&
         visit.now - last.at < visit.services.options.grace_minutes * 60'000LL;
}

void AddDoneNotice(View& view, Visit& visit, storage::Session& session) {
  view.Set("notice", "").Set("notice_href", "").Set("notice_act", "").Set("notice_number", "");
  const std::string act = visit.request.Query("fait");
  std::string number = visit.request.Query("projet");
  if (number.empty() && visit.project) number = visit.project->number;
  if (act.empty() || !visit.visitor) return;
  const auto project = storage::FindProject(session, number);
  if (!project || !workflows::MaySee(session, visit.visitor->person.id, *project, visit.now)) {
    return;
  }
  const auto last = storage::LastJournal(session, project->id);
  if (!last || last->act != act || last->person != visit.visitor->person.id) return;
  const auto definition = visit.services.catalog.Pinned(session, project->definition);
  const std::string label =
      last->action == "take_back" ? "Votre dernier acte est annulé" : ActLabel(*definition, *last);
  view.Set("notice", label + " : c’est fait pour « " + project->title + " ».")
      .Set("notice_href", "/projets/" + project->number)
      .Set("notice_number", project->number)
      .Set("notice_act", CanTakeBack(visit, *last) ? act : "");
}

}  // namespace aiguillage::web

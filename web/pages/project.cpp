// A project: where it stands, what I may do, and everything there is to read about it.
#include <algorithm>
#include <map>
#include <set>

#include "storage/conflicts.h"
#include "storage/journal.h"
#include "storage/outbox.h"
#include "web/acceptance.h"
#include "web/call_collections.h"
#include "web/deadlines.h"
#include "web/difference.h"
#include "web/done.h"
#include "web/drawings.h"
#include "web/exchanges.h"
#include "web/expected.h"
#include "web/form_view.h"
#include "web/held_files.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/panel.h"
#include "web/points.h"
#include "web/project_head.h"
#include "web/project_mail.h"
#include "web/rails.h"
#include "web/similar.h"
#include "web/surveys.h"
#include "web/timeline.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/reminders.h"

namespace aiguillage::web {

namespace {

struct Tab {
  const char* id;
  const char* label;
};
constexpr Tab kTabs[] = {{"dossier", "Dossier"},     {"documents", "Documents"},
                         {"echanges", "Échanges"},   {"fichiers", "Fichiers"},
                         {"courriels", "Courriels"}, {"journal", "Journal"},
                         {"dates", "Dates"}};

// Of what a tab lists: the same rows, so that the two cannot disagree. Absent: it lists nothing.
using Counts = std::map<std::string, std::size_t>;

// All one needs to draw the page, read in one transaction.
struct Reading {
  Visit& visit;
  storage::Session& session;
  const Sight& sight;
  const workflows::Definition& definition;
  const storage::Project& project;
  std::vector<storage::JournalRow> journal;
};

std::string StyleOf(const engine::Action& action) {
  return action.style.empty() ? "primary" : action.style;
}

void AddActions(View& view, const Reading& reading) {
  view.SetList("actions").SetList("more_actions").SetList("locked");
  const auto actions = reading.visit.services.desk.ActionsFor(
      reading.session, reading.project, reading.sight.person, reading.visit.now);
  bool any = false;
  for (const auto& offered : actions) {
    if (!offered.mine && !offered.conflict) continue;
    if (offered.action.locked || !offered.reason.empty()) {
      std::string who;
      for (const auto& name : offered.who) who += (who.empty() ? "" : ", ") + RoleLabel(name);
      any = true;
      view.AddRow("locked")
          .Set("locked_label", offered.action.label)
          .Set("locked_reason", offered.reason)
          .Set("locked_who", who);
      continue;
    }
    // What stops or leaves the rails stands apart from the step's own decisions.
    const bool apart = StyleOf(offered.action) != "primary" && offered.action.state == "active";
    any = any || !apart;
    view.AddRow(apart ? "more_actions" : "actions")
        .Set("action_label", offered.action.label)
        .Set("action_href", "/projets/" + reading.project.number + "/actions/" + offered.action.id)
        .Set("action_style", StyleOf(offered.action));
  }
  view.Set("has_actions", any).Set("ended", reading.project.ended_at != 0);
}

void AddDossier(View& view, const Reading& reading) {
  const auto document = storage::LatestDocument(reading.session, reading.project.id, "application");
  const auto* form = FormOf(reading.definition, "application");
  const bool shown = document && form != nullptr && reading.sight.MayRead(form, *document);
  view.Set("has_dossier", shown).Set("dossier_version", "").Set("dossier_changes", "");
  view.SetList("sections");
  if (!shown) return;
  view.Set("dossier_version", "version " + std::to_string(document->version) + " du " +
                                  workflows::FrenchDate(document->at));
  const auto documents = storage::DocumentsOf(reading.session, reading.project.id);
  if (BaselineOf(documents, *document, *form, reading.sight) != nullptr) {
    view.Set("dossier_changes", ChangesAddress(reading.project.number, *document));
  }
  AddAnswers(view, forms::ReadView(*form, document->answers),
             storage::FilesOf(reading.session, reading.project.id));
}

std::size_t AddDocuments(View& view, const Reading& reading, bool shown) {
  view.SetList("documents");
  auto documents = storage::DocumentsOf(reading.session, reading.project.id);
  if (!shown) {
    return static_cast<std::size_t>(
        std::count_if(documents.begin(), documents.end(), [&](const auto& document) {
          return reading.sight.MayRead(FormOf(reading.definition, document.form), document);
        }));
  }
  std::size_t count = 0;
  std::stable_sort(documents.begin(), documents.end(),
                   [](const auto& a, const auto& b) { return a.at > b.at; });
  bool sheets = false;
  for (const auto& document : documents) {
    const auto* form = FormOf(reading.definition, document.form);
    if (!reading.sight.MayRead(form, document)) continue;
    ++count;
    sheets = sheets || (form != nullptr && form->handover && !document.taken_back);
    const bool hidden_name = !reading.sight.names && document.person != reading.sight.person;
    std::string author = "Démarches Simplifiées";
    if (document.person != 0) {
      author = hidden_name && document.person != reading.project.holder
                   ? ""
                   : SignedBy(reading.session, reading.journal, document);
    }
    view.AddRow("documents")
        .Set("doc_title", form == nullptr ? document.form : form->title)
        .Set("doc_href", "/projets/" + reading.project.number + "/documents/" + document.form +
                             "/" + std::to_string(document.version))
        .Set("doc_version", "version " + std::to_string(document.version))
        .Set("doc_author", author)
        .Set("doc_date", workflows::FrenchDate(document.at))
        .Set("doc_changes",
             form != nullptr && BaselineOf(documents, document, *form, reading.sight) != nullptr
                 ? ChangesAddress(reading.project.number, document)
                 : "")
        .Set("doc_taken_back", document.taken_back);
  }
  view.Set("sheets_href", sheets ? "/projets/" + reading.project.number + "/fiches.json" : "");
  view.SetList("blanks");
  for (const auto& [id, form] : reading.definition.forms) {
    if (!form.is_public) continue;
    view.AddRow("blanks").Set("blank_title", form.title).Set("blank_href", "/formulaires/" + id);
  }
  return count;
}

// Mails that tell of several projects are of none: the journal says which told of this one.
void AddGathered(const Reading& reading, std::vector<storage::OutboxRow>& mails) {
  std::set<std::string> keys;
  for (const auto& row : reading.journal) {
    if (!row.body.is_object() ||
        (row.action != workflows::kReminded && row.action != workflows::kNudged)) {
      continue;
    }
    for (const auto& mail : row.body.at("event").at("data").value("mails", nlohmann::json())) {
      keys.insert(mail.value("key", ""));
    }
  }
  for (const auto& key : keys) {
    if (auto mail = storage::FindOutboxByKey(reading.session, key)) {
      mails.push_back(std::move(*mail));
    }
  }
  std::stable_sort(mails.begin(), mails.end(),
                   [](const auto& a, const auto& b) { return a.id < b.id; });
}

// Without their payload unless they are to be shown.
std::vector<storage::OutboxRow> ReadableMails(const Reading& reading, bool shown) {
  auto mails = shown ? storage::OutboxOf(reading.session, reading.project.id)
                     : storage::OutboxListOf(reading.session, reading.project.id);
  AddGathered(reading, mails);
  std::erase_if(mails, [&](const auto& mail) { return !reading.sight.MayRead(mail); });
  return mails;
}

// Outside of the reading: a preview reads by itself.
void AddMails(View& view, const Visit& visit, const std::vector<storage::OutboxRow>& mails) {
  const Services& services = visit.services;
  const bool all = Covers(Rule::kOffice, *visit.visitor, {""});
  view.SetList("mails");
  for (const auto& mail : mails) {
    const auto status = MailStatus(mail.status);
    std::string subject = mail.kind == "ds" ? DsEffectLabel(mail.topic) : mail.topic;
    if (mail.kind == "mail" && services.preview_mail) subject = services.preview_mail(mail).subject;
    view.AddRow("mails")
        .Set("mail_subject", FirstUpper(subject))
        .Set("mail_href", mail.project != 0 || all || mail.person == visit.visitor->person.id
                              ? "/courriels/" + std::to_string(mail.id)
                              : "")
        .Set("mail_to", mail.kind == "ds" ? "Démarches Simplifiées" : mail.address)
        .Set("mail_date", MailDay(mail, visit.now))
        .Set("mail_status", status.label)
        .Set("mail_tone", status.tone);
  }
}

std::size_t AddFiles(View& view, const Reading& reading, bool shown) {
  view.SetList("files");
  const auto files =
      ReadableFiles(reading.session, reading.sight, reading.definition, reading.project);
  for (const auto& file : files) {
    if (!shown) break;
    view.AddRow("files")
        .Set("file_name", file.name)
        .Set("file_held", HeldWords(file))
        .Set("file_href", "/fichiers/" + std::to_string(file.id))
        .Set("file_size", SizeWords(file.size))
        .Set("file_source", file.source == "ds" ? "Démarches Simplifiées" : "déposé ici")
        .Set("file_date", workflows::FrenchDate(file.at));
  }
  return files.size();
}

void AddResources(View& view, const Reading& reading) {
  view.SetList("guides").SetList("leads");
  const auto collection = storage::FindCollection(reading.session, reading.project.collection);
  if (collection) AddLeads(view, reading.session, collection->slug, collection->label);
  const auto call = storage::FindCall(reading.session, reading.project.call);
  if (!call) return;
  const auto& resources = reading.visit.services.catalog.KitOf(call->definition).resources;
  if (!resources.is_object() || !resources.contains("resources")) return;
  const auto wanted = Rails(reading.definition.chart).Resources(reading.project.states);
  for (const auto& resource : resources["resources"]) {
    const std::string id = resource.value("id", "");
    if (std::find(wanted.begin(), wanted.end(), id) == wanted.end()) continue;
    const std::string address = resource.value("address", "");
    const bool safe = address.rfind("https://", 0) == 0 ||
                      (!address.empty() && OwnPath(address) == address && address != "/");
    view.AddRow("guides")
        .Set("guide_title", resource.value("title", id))
        .Set("guide_href", safe ? address : "");
  }
}

void AddTabs(View& view, const std::string& here, const std::string& number, const Counts& counts) {
  view.SetList("tabs");
  for (const Tab& tab : kTabs) {
    const std::string id = tab.id;
    const auto count = counts.find(id);
    view.Set("tab_" + id, id == here);
    view.AddRow("tabs")
        .Set("tab_href",
             "/projets/" + number + (id == "dossier" ? "" : "?onglet=" + id) + "#onglets")
        .Set("tab_label", tab.label)
        .Set("tab_count", count == counts.end() ? "" : std::to_string(count->second))
        .Set("tab_here", id == here);
  }
}

std::string TabAsked(const Visit& visit) {
  const std::string asked = visit.request.Query("onglet");
  for (const Tab& tab : kTabs) {
    if (asked == tab.id) return asked;
  }
  return "dossier";
}

// "" for the first one, which is the project's own page.
std::string TabLabel(const std::string& id) {
  for (const Tab& tab : kTabs) {
    if (id == tab.id) return &tab == kTabs ? "" : tab.label;
  }
  return "";
}

// What the tab shows; of the others, how much.
Counts AddContents(View& view, const Reading& reading, const std::string& tab,
                   const TypedMessage& typed, std::vector<storage::OutboxRow>& mails) {
  view.Set("sheets_href", "").SetList("sections").SetList("blanks").SetList("mails");
  view.SetList("road").SetList("thread");
  view.Set("has_dossier", false)
      .Set("dossier_version", "")
      .Set("dossier_changes", "")
      .Set("unanswered", "")
      .Set("unanswered_count", "");
  Counts counts;
  if (tab == "dossier") AddDossier(view, reading);
  counts["documents"] = AddDocuments(view, reading, tab == "documents");
  const auto thread = ThreadOf(reading.visit, reading.session, reading.sight);
  counts["echanges"] = thread.size();
  AddExchanges(view, reading.visit, reading.session, reading.sight, thread, typed,
               tab == "echanges");
  counts["journal"] =
      AddTimeline(view, reading.session, reading.sight, reading.definition, reading.project,
                  reading.journal, tab == "journal", reading.visit.request.Query("fil"));
  mails = ReadableMails(reading, tab == "courriels");
  counts["courriels"] = mails.size();
  if (tab != "courriels") mails.clear();
  counts["fichiers"] = AddFiles(view, reading, tab == "fichiers");
  view.Set("road_note", tab == "dates").Set("forecast", "");
  if (tab == "dates") {
    AddExpected(view, reading.visit, reading.session, reading.sight, reading.definition);
  }
  return counts;
}

}  // namespace

Response ProjectPage(Visit& visit) { return ShowProject(visit, 200, {}); }

Response ShowProject(Visit& visit, int status, const TypedMessage& typed) {
  View view;
  const std::string tab = typed.kind.empty() ? TabAsked(visit) : "echanges";
  std::vector<storage::OutboxRow> mails;
  visit.services.database.Read([&](storage::Session& session) {
    const auto definition = visit.services.catalog.Pinned(session, visit.project->definition);
    const Sight sight = SightOf(session, *visit.visitor, *visit.project, visit.now);
    const Reading reading{visit,          session,
                          sight,          *definition,
                          *visit.project, storage::JournalOf(session, visit.project->id)};
    AddProjectHead(view, visit, session, sight, *definition, reading.journal);
    AddActions(view, reading);
    AddDeadlines(view, visit, session, *definition, reading.journal);
    AddChecklist(view, ChecklistOf(visit, session, sight, *definition));
    AddResources(view, reading);
    AddAcceptance(view, session, sight, *definition, *visit.project);
    view.Set("surveys_href",
             IsPublished(*visit.project) ? "/projets/" + visit.project->number + "/enquetes" : "");
    AddSimilar(view, visit, session, sight);
    view.Set("in_conflict", SeesConflict(visit, session) &&
                                storage::OpenConflict(session, visit.project->id).has_value());
    AddPanelLink(view, session, sight, *definition, *visit.project);
    view.Set("has_rails", !visit.house.drawings.Of(*definition, sight.inside).empty());
    std::vector<std::string> visited;
    for (const auto& row : reading.journal) visited.push_back(row.states);
    AddRailLines(view, definition->chart, sight.inside, visit.project->states, visited);
    AddTabs(view, tab, visit.project->number, AddContents(view, reading, tab, typed, mails));
    AddDoneNotice(view, visit, session);
  });
  AddMails(view, visit, mails);
  std::string part = TabLabel(tab);
  const std::string kind = tab == "journal" ? TimelineLabel(visit.request.Query("fil")) : "";
  if (!kind.empty()) part += ", " + kind;
  return Page(visit, status, "project",
              (typed.error.empty() ? "" : "Erreur : ") + visit.project->title, std::move(view),
              part);
}

Response ProjectRails(Visit& visit) {
  std::map<std::string, workflows::StateMark> marks;
  bool inside = false;
  const auto definition = visit.services.database.Read([&](storage::Session& session) {
    inside = SightOf(session, *visit.visitor, *visit.project, visit.now).inside;
    for (const auto& row : storage::JournalOf(session, visit.project->id)) {
      for (const auto& state : SplitWords(row.states)) {
        marks[state].mark = workflows::RailMark::kPast;
      }
    }
    return visit.services.catalog.Pinned(session, visit.project->definition);
  });
  for (const auto& state : SplitWords(visit.project->states)) {
    marks[state].mark = workflows::RailMark::kCurrent;
  }
  const std::string drawing = visit.house.drawings.Of(*definition, inside);
  if (drawing.empty()) throw HttpError(404, "Le dessin des rails n’est pas disponible.");
  Response response = Html(200, workflows::MarkRails(drawing, marks));
  response.type = "image/svg+xml";
  return response;
}

}  // namespace aiguillage::web

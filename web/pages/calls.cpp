// Calls, for the pilot: prepare, publish, close, archive; the dates that deadlines refer to.
#include "storage/calls.h"

#include <map>
#include <set>

#include "storage/projects.h"
#include "web/call_collections.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/versions.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

constexpr const char* kCallStatuses[] = {"draft", "published", "closed", "archived"};

std::string SettingDate(const storage::Call& call, const char* name) {
  const auto dates = call.settings.value("dates", nlohmann::json::object());
  return dates.is_object() ? dates.value(name, "") : "";
}

// The call's own days: closed ones, as typed when they could not be read, and its territory.
void AddCalendar(View& row, const storage::Call& call, const std::string* typed) {
  std::set<std::string> closed;
  for (const auto& day : call.settings.value("closed_days", nlohmann::json::array())) {
    if (day.is_string()) closed.insert(day.get<std::string>());
  }
  const std::string here = call.settings.value("territory", "");
  row.Set("c_closed", typed != nullptr ? *typed : workflows::DaysText(closed));
  row.SetList("c_territories");
  for (const auto& territory : workflows::Territories()) {
    row.AddRow("c_territories")
        .Set("option_value", territory.id)
        .Set("option_label", territory.label)
        .Set("option_selected", here == territory.id);
  }
}

void AddCallForm(View& row, Visit& visit, const storage::Call& call,
                 const std::string* typed_days = nullptr) {
  AddCalendar(row, call, typed_days);
  row.Set("c_id", call.id)
      .Set("c_title", call.title)
      .Set("c_opens", call.opens)
      .Set("c_closes", call.closes)
      .Set("c_committee", SettingDate(call, "committee"))
      .Set("c_demarche", call.demarche == 0 ? "" : std::to_string(call.demarche));
  row.SetList("c_statuses").SetList("c_definitions");
  for (const char* status : kCallStatuses) {
    row.AddRow("c_statuses")
        .Set("option_value", status)
        .Set("option_label", FirstUpper(CallStatus(status).label))
        .Set("option_selected", call.status == status);
  }
  for (const auto& name : visit.services.catalog.Names()) {
    const auto definition = visit.services.catalog.Newest(name);
    row.AddRow("c_definitions")
        .Set("option_value", name)
        .Set("option_label", definition && !definition->title.empty()
                                 ? definition->title + " (" + name + ")"
                                 : name)
        .Set("option_selected", call.definition == name);
  }
}

void AddWords(View& row, const char* list, const std::vector<std::string>& words) {
  row.SetList(list);
  for (const auto& word : words) row.AddRow(list).Set("change_word", word);
}

// Which rules new projects start with, and what these change for those that began earlier.
void AddVersion(View& row, Visit& visit, storage::Session& session, const storage::Call& call) {
  const auto definition = visit.services.catalog.Newest(call.definition);
  const auto stored =
      definition ? storage::FindDefinition(session, definition->hash) : std::nullopt;
  const auto earlier = definition
                           ? storage::DefinitionBefore(session, call.definition, definition->hash)
                           : std::nullopt;
  VersionChanges changes;
  if (earlier) {
    changes = CompareVersions(*visit.services.catalog.Pinned(session, earlier->hash), *definition);
  }
  row.Set("v_title", definition ? definition->title : call.definition)
      .Set("v_mark", definition ? definition->hash.substr(0, 8) : "")
      .Set("v_since", stored ? workflows::FrenchDate(stored->taken_at) : "")
      .Set("v_earlier", earlier ? workflows::FrenchDate(earlier->taken_at) : "")
      .Set("v_rules", changes.rules_changed)
      .Set("v_states_in", !changes.states_added.empty())
      .Set("v_states_out", !changes.states_removed.empty())
      .Set("v_forms_in", !changes.forms_added.empty())
      .Set("v_forms_out", !changes.forms_removed.empty())
      .Set("v_forms_other", !changes.forms_changed.empty());
  AddWords(row, "states_in", changes.states_added);
  AddWords(row, "states_out", changes.states_removed);
  AddWords(row, "forms_in", changes.forms_added);
  AddWords(row, "forms_out", changes.forms_removed);
  AddWords(row, "forms_other", changes.forms_changed);
}

// Who leads what in this call; a collection without lead is said to be so.
void AddLeads(View& row, Visit& visit, storage::Session& session, const storage::Call& call) {
  const bool known = visit.services.catalog.Newest(call.definition) != nullptr;
  const auto slugs = known ? SlugsOf(visit.services.catalog.KitOf(call.definition).collections)
                           : std::set<std::string>();
  std::int64_t without = 0;
  row.SetList("leads");
  std::map<std::string, std::string> found;  // slug -> leads, of parents too
  for (const auto& collection : storage::Collections(session)) {
    if (!slugs.empty() && !slugs.contains(collection.slug)) continue;
    std::string own;
    for (const auto& lead : LeadsOf(session, collection.slug)) {
      own += (own.empty() ? "" : ", ") + NameOf(lead);
    }
    found[collection.slug] = own;
    const std::string above = own.empty() ? found[collection.parent] : "";
    without += own.empty() && above.empty() ? 1 : 0;
    row.AddRow("leads")
        .Set("l_collection", collection.label)
        .Set("l_child", !collection.parent.empty())
        .Set("l_service", collection.entity)
        .Set("l_people", own)
        .Set("l_above", above);
  }
  row.Set("l_without", without == 0 ? ""
                                    : Plural(without, "collection sans chef de file",
                                             "collections sans chef de file"));
}

void AddDates(View& row, const storage::Call& call) {
  row.Set("d_opens", FrenchIsoDate(call.opens))
      .Set("d_closes", FrenchIsoDate(call.closes))
      .Set("d_committee", FrenchIsoDate(SettingDate(call, "committee")));
}

// What was typed and refused goes back where it was typed: to the call it is of, or to the new one.
Response ShowCalls(Visit& visit, int status, const storage::Call& fresh, const std::string& error,
                   const std::string* typed_days = nullptr) {
  View view;
  const bool known = !error.empty() && !visit.request.HasField("nouveau");
  const auto shown = CallsFor(Rule::kPilot, *visit.visitor);
  view.Set("may_prepare", shown.all);
  visit.services.database.Read([&](storage::Session& session) {
    view.SetList("calls");
    for (const auto& call : storage::Calls(session)) {
      if (!shown.Has(call.id)) continue;
      storage::ProjectFilter filter;
      filter.call = call.id;
      const auto words = CallStatus(call.status);
      View& row = view.AddRow("calls");
      row.Set("c_href", "/appels/" + call.id)
          .Set("c_mapping", "/appels/" + call.id + "/correspondance")
          .Set("c_mails", "/appels/" + call.id + "/courriels")
          .Set("c_status", words.label)
          .Set("c_tone", words.tone)
          .Set("c_projects", Plural(storage::CountProjects(session, filter), "projet", "projets"))
          .Set("c_list", "/projets" + QueryOf({{"appel", call.id}}));
      const bool refused = !error.empty() && known && fresh.id == call.id;
      AddCallForm(row, visit, refused ? fresh : call, refused ? typed_days : nullptr);
      row.Set("c_name", call.title).Set("c_refused", refused);
      AddDates(row, call);
      AddVersion(row, visit, session, call);
      AddLeads(row, visit, session, call);
    }
  });
  storage::Call blank;
  blank.status = "draft";
  View form;
  AddCallForm(form, visit, known ? blank : fresh, known ? nullptr : typed_days);
  form.Set("c_refused", !error.empty() && !known);
  view.Set("fresh", std::move(form)).Set("error", error).Set("error_field", "title-" + fresh.id);
  return Page(visit, status, "calls", error.empty() ? "Appels" : "Erreur : Appels",
              std::move(view));
}

// What the form says of it; a form without these fields leaves it as it is. "", or what is wrong.
std::string SetCalendar(storage::Call& call, const Request& request) {
  if (request.HasField("closed_days")) {
    const auto days = workflows::ParseDays(request.Field("closed_days"));
    if (!days) return days.refusal().sentence;
    call.settings["closed_days"] = days.value();
  }
  if (!request.HasField("territory")) return "";
  const std::string territory = request.Field("territory");
  call.settings["territory"] = "";
  for (const auto& known : workflows::Territories()) {
    if (territory == known.id) call.settings["territory"] = territory;
  }
  return "";
}

bool IsSlug(const std::string& text) {
  return !text.empty() && text.size() <= 60 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

std::string DateError(const std::string& date) {
  return date.empty() || (date.size() == 10 && workflows::ParseInstant(date))
             ? ""
             : "Les dates s’écrivent comme 2026-11-23.";
}

std::string CallError(Visit& visit, const storage::Call& call, const std::string& committee,
                      const std::string& demarche) {
  if (!IsSlug(call.id)) {
    return "L’identifiant s’écrit en minuscules, chiffres et tirets, comme mentor-2026.";
  }
  if (call.title.empty() || call.title.size() > 200) return "Donnez un titre à l’appel.";
  if (!visit.services.catalog.Newest(call.definition)) return "Choisissez les règles de l’appel.";
  for (const auto& date : {call.opens, call.closes, committee}) {
    if (!DateError(date).empty()) return DateError(date);
  }
  if (!call.opens.empty() && !call.closes.empty() && call.closes < call.opens) {
    return "La clôture précède l’ouverture.";
  }
  if (demarche.size() > 12 || demarche.find_first_not_of("0123456789") != std::string::npos) {
    return "Le numéro de la démarche ne contient que des chiffres.";
  }
  return "";
}

}  // namespace

Response CallsPage(Visit& visit) {
  storage::Call fresh;
  fresh.status = "draft";
  return ShowCalls(visit, 200, fresh, "");
}

Response SaveCallAct(Visit& visit) {
  const Request& request = visit.request;
  const std::string id = Trim(request.Field("id"));
  const auto known = visit.services.database.Read(
      [&](storage::Session& session) { return storage::FindCall(session, id); });
  const auto shown = CallsFor(Rule::kPilot, *visit.visitor);
  if (!shown.Has(known ? known->id : "")) {
    throw HttpError(403, "Cet appel relève d’un autre pilote, celui de tous les appels.");
  }
  storage::Call call = known.value_or(storage::Call());
  call.id = id;
  call.title = Trim(request.Field("title"));
  call.definition = request.Field("definition");
  call.opens = Trim(request.Field("opens"));
  call.closes = Trim(request.Field("closes"));
  call.status = "draft";
  for (const char* status : kCallStatuses) {
    if (request.Field("status") == status) call.status = status;
  }
  const std::string committee = Trim(request.Field("committee"));
  const std::string demarche = Trim(request.Field("demarche"));
  std::string error = CallError(visit, call, committee, demarche);
  if (error.empty() && request.HasField("nouveau") && known) {
    error = "Un appel porte déjà cet identifiant.";
  }
  if (!call.settings.is_object()) call.settings = nlohmann::json::object();
  const std::string days = request.Field("closed_days");
  if (error.empty()) error = SetCalendar(call, request);
  if (!error.empty()) return ShowCalls(visit, 422, call, error, &days);
  call.demarche = demarche.empty() ? 0 : std::stoll(demarche);
  // The démarche says whose dossiers come in: to take over another one is not a call's own affair.
  if (!shown.all && call.demarche != known->demarche) {
    return ShowCalls(visit, 422, call,
                     "Changer de démarche relève du pilote de tous les appels (DGAFP).");
  }
  if (committee.empty()) {
    if (call.settings.contains("dates")) call.settings["dates"].erase("committee");
  } else {
    call.settings["dates"]["committee"] = committee;
  }
  visit.services.database.Write(
      [&](storage::Session& session) { storage::SaveCall(session, call); });
  return SeeOther("/appels");
}

}  // namespace aiguillage::web

// What anybody may read: open calls, collections, what gets published when.
#include <algorithm>
#include <set>

#include "storage/calls.h"
#include "storage/documents.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "web/call_collections.h"
#include "web/call_news.h"
#include "web/expected.h"
#include "web/feeds.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/words.h"
#include "workflows/calendar.h"
#include "workflows/roles.h"

namespace aiguillage::web {

namespace {

std::string Closing(const storage::Call& call, std::int64_t now) {
  if (call.closes.empty() || call.status != "published") return "";
  const std::string words = DueWords(workflows::EndOfParisDay(call.closes), now);
  return words.rfind("en retard", 0) == 0 ? "" : "clôture " + words;
}

void CallRow(View& row, const storage::Call& call, std::int64_t now) {
  const auto status = CallStatus(call.status);
  row.Set("call_href", "/appels/" + call.id)
      .Set("call_title", call.title)
      .Set("call_opens", FrenchIsoDate(call.opens))
      .Set("call_closes", FrenchIsoDate(call.closes))
      .Set("call_closing", Closing(call, now))
      .Set("call_status", status.label)
      .Set("call_tone", status.tone);
}

std::string ResourceText(const nlohmann::json& resource, const char* key) {
  const auto found = resource.find(key);
  return found != resource.end() && found->is_string() ? found->get<std::string>() : "";
}

// Addresses come from the definition's files: only https and our own paths become links.
std::string SafeAddress(const std::string& address) {
  if (address.rfind("https://", 0) == 0) return address;
  return address.empty() || OwnPath(address) != address ? "" : address;
}

// The resources of a call, by category in the order the file gives them.
void AddResources(View& view, const nlohmann::json& resources) {
  view.SetList("categories");
  view.Set("filing_address", "").Set("filing_title", "");
  if (!resources.is_object() || !resources.contains("resources")) return;
  const auto categories = resources.value("categories", nlohmann::json::object());
  for (const auto& [id, label] : categories.items()) {
    View* category = nullptr;
    for (const auto& resource : resources["resources"]) {
      if (ResourceText(resource, "category") != id) continue;
      const std::string address = SafeAddress(ResourceText(resource, "address"));
      if (id == "filing") {
        view.Set("filing_address", address).Set("filing_title", ResourceText(resource, "title"));
        continue;
      }
      if (category == nullptr) {
        category = &view.AddRow("categories");
        category->Set("category_label", label.is_string() ? label.get<std::string>() : id);
        category->SetList("resources");
      }
      category->AddRow("resources")
          .Set("resource_title", ResourceText(resource, "title"))
          .Set("resource_address", address);
    }
  }
}

// What a call says of itself on its page: paragraphs, or the steps of a list.
void AddSentences(View& view, const nlohmann::json& resources, const char* key) {
  view.SetList(key);
  const bool said = resources.is_object() && resources.contains(key) && resources[key].is_array();
  view.Set(std::string("has_") + key, said);
  if (!said) return;
  for (const auto& sentence : resources[key]) {
    if (sentence.is_string()) view.AddRow(key).Set("sentence", sentence.get<std::string>());
  }
}

void AddCollections(View& view, storage::Session& session, bool with_leads,
                    const std::set<std::string>& only) {
  view.SetList("collections");
  for (const auto& collection : storage::Collections(session)) {
    if (!only.contains(collection.slug)) continue;
    View& row = view.AddRow("collections");
    row.SetList("leads");
    if (with_leads) AddLeads(row, session, collection.slug, collection.label);
    row.Set("collection_label", collection.label)
        .Set("collection_entity", collection.entity)
        .Set("collection_orientation", collection.orientation)
        .Set("collection_slug", collection.slug)
        .Set("collection_child", !collection.parent.empty());
  }
}

// Slots to come, or trainings online, newest first.
void AddPublications(View& view, const Visit& visit, storage::Session& session, bool online,
                     const char* list) {
  view.SetList(list);
  const std::string today = workflows::ParisDate(visit.now);
  for (const auto& project : storage::Publications(session)) {
    // One that is online already may come out anew later.
    const bool out = !project.course_url.empty() && project.publication_on <= today;
    if (out != online) continue;
    const auto collection = storage::FindCollection(session, project.collection);
    view.AddRow(list)
        .Set("pub_date", FrenchIsoDate(project.publication_on))
        .Set("pub_iso", project.publication_on)
        .Set("pub_title", project.title)
        .Set("pub_collection", collection ? collection->label : "")
        .Set("pub_address", SafeAddress(project.course_url));
  }
}

}  // namespace

Response HomePage(Visit& visit) {
  if (visit.visitor) return SeeOther("/taches");
  View view;
  visit.services.database.Read([&](storage::Session& session) {
    view.SetList("open_calls").SetList("past_calls");
    for (const auto& call : storage::Calls(session)) {
      if (call.status == "draft") continue;
      CallRow(view.AddRow(call.status == "published" ? "open_calls" : "past_calls"), call,
              visit.now);
    }
    AddPublications(view, visit, session, true, "online");
  });
  return Page(visit, 200, "home", "Appels à projets", std::move(view));
}

Response CallPublicPage(Visit& visit) { return ShowCall(visit, {}); }

Response ShowCall(Visit& visit, const NewsAsked& asked) {
  View view;
  std::string title;
  visit.services.database.Read([&](storage::Session& session) {
    const auto call = storage::FindCall(session, visit.Parameter("call"));
    const bool office =
        call && visit.visitor && CallsFor(Rule::kOffice, *visit.visitor).Has(call->id);
    if (!call || (call->status == "draft" && !office)) {
      throw HttpError(404, "Cet appel n’existe pas, ou n’est pas encore publié.");
    }
    title = call->title;
    CallRow(view, *call, visit.now);
    view.Set("call_open", call->status == "published")
        .Set("news_offered", call->status != "draft")
        .Set("news_href", "/appels/" + call->id + "/annonces")
        .Set("news_sent", asked.sent)
        .Set("news_address", asked.address)
        .Set("news_error", asked.error);
    view.SetList("dates");
    const auto dates = call->settings.value("dates", nlohmann::json::object());
    const auto labels = call->settings.value("date_labels", nlohmann::json::object());
    for (const auto& [name, date] : dates.items()) {
      if (!date.is_string()) continue;
      view.AddRow("dates")
          .Set("date_label", labels.is_object() && labels.contains(name) && labels[name].is_string()
                                 ? labels[name].get<std::string>()
                             : name == "committee" ? "Comité de sélection"
                                                   : name)
          .Set("date_text", FrenchIsoDate(date.get<std::string>()));
    }
    const auto& kit = visit.services.catalog.KitOf(call->definition);
    AddResources(view, kit.resources);
    AddSentences(view, kit.resources, "applicants");
    AddSentences(view, kit.resources, "afterwards");
    const auto slugs = SlugsOf(kit.collections);
    AddCollections(view, session, false, slugs);
    AddPublications(view, visit, session, false, "scheduled");
  });
  return Page(visit, asked.status, "call_public", asked.error.empty() ? title : "Erreur : " + title,
              std::move(view));
}

// One list for each kind of call that there is, under the name of its newest call.
Response CollectionsPage(Visit& visit) {
  View view;
  view.SetList("groups");
  visit.services.database.Read([&](storage::Session& session) {
    std::map<std::string, std::string> titles;
    for (const auto& call : storage::Calls(session)) titles[call.definition] = call.title;
    for (const auto& [definition, title] : titles) {
      const auto slugs = SlugsOf(visit.services.catalog.KitOf(definition).collections);
      View& group = view.AddRow("groups");
      group.Set("group_title", title);
      AddCollections(group, session, visit.visitor.has_value(), slugs);
    }
  });
  return Page(visit, 200, "collections", "Les collections", std::move(view));
}

Response PublicationsPage(Visit& visit) {
  View view;
  visit.services.database.Read([&](storage::Session& session) {
    AddInPreparation(view, visit, session);
    AddPublications(view, visit, session, false, "scheduled");
    AddPublications(view, visit, session, true, "online");
  });
  return Page(visit, 200, "publications", "Calendrier de publication", std::move(view));
}

Response PublicationsCalendar(Visit& visit) {
  const auto slots = visit.services.database.Read(
      [&](storage::Session& session) { return SlotsOf(session, workflows::ParisDate(visit.now)); });
  Response response = Text(200, ICalendarOf(slots, visit.services.options.public_url));
  response.type = "text/calendar; charset=utf-8";
  return response;
}

Response PublicationsFeed(Visit& visit) {
  const auto slots = visit.services.database.Read(
      [&](storage::Session& session) { return SlotsOf(session, workflows::ParisDate(visit.now)); });
  Response response = Text(200, AtomOf(slots, visit.services.options.public_url));
  response.type = "application/atom+xml; charset=utf-8";
  return response;
}

}  // namespace aiguillage::web

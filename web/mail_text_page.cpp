#include "web/mail_text_page.h"

#include <algorithm>

#include "storage/people.h"
#include "web/call_collections.h"
#include "web/difference.h"
#include "web/mail_sample.h"
#include "web/mail_uses.h"
#include "web/page.h"
#include "web/points.h"
#include "web/rails.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

using notifications::MailSource;
using notifications::MailVariable;

constexpr std::size_t kDifferencesShown = 10;

// What applies here when this collection says nothing itself.
void ReadSource(OwnTextScene& scene, storage::Session& session) {
  const auto head =
      storage::ClosestMailText(session, scene.of.call.id, scene.message, scene.collection);
  const auto own = head ? storage::FindMailText(session, scene.of.call.id, scene.message,
                                                head->collection, head->version)
                        : std::nullopt;
  scene.source = own ? MailSource{own->text, own->html}
                     : notifications::SourceOf(*scene.of.rails, scene.message);
  scene.source_of = own ? "celui de « " + scene.of.LabelOf(own->collection) + " »"
                        : "celui livré avec les règles";
}

std::optional<storage::Project> NewestOf(storage::Session& session, const std::string& call,
                                         const std::string& collection) {
  storage::ProjectFilter filter;
  filter.call = call;
  filter.collection = collection;
  filter.subcollections = true;
  filter.sort = "number";
  filter.limit = 1;
  const auto count = storage::CountProjects(session, filter);
  if (count == 0) return std::nullopt;
  filter.offset = static_cast<int>(count) - 1;
  const auto rows = storage::ListProjects(session, filter);
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

void ReadProject(OwnTextScene& scene, storage::Session& session, const Visit& visit) {
  const std::string asked = visit.request.HasField("projet") ? visit.request.Field("projet")
                                                             : visit.request.Query("projet");
  scene.asked_project = Trim(asked).substr(0, 40);
  if (!scene.asked_project.empty()) {
    const auto found = storage::FindProject(session, scene.asked_project);
    if (found && found->call == scene.of.call.id && !found->erased) {
      scene.project = found;
    } else {
      scene.project_error = "Aucun projet de cet appel ne porte ce numéro.";
    }
  } else {
    scene.project = NewestOf(session, scene.of.call.id, scene.collection);
    if (!scene.project) scene.project = NewestOf(session, scene.of.call.id, "");
  }
  if (!scene.project) return;
  scene.asked_project = scene.project->number;
  scene.sample = SampleMail(session, Rails(scene.of.definition->chart), scene.of.call,
                            *scene.project, scene.message, visit.visitor->person, visit.now);
}

struct Place {
  std::string field, words;
};

// The subject is the first line of the text, an empty one comes after it.
Place PlaceOf(const notifications::TemplateProblem& problem) {
  const bool html = problem.file == "html";
  const int line = html ? problem.line : problem.line - 2;
  if (!html && problem.line == 1) return {"subject", "Objet"};
  if (!html && problem.file != "text") return {"text", "Cadre des règles (" + problem.file + ")"};
  const std::string name = html ? "HTML" : "Texte";
  return {html ? "html" : "text", line > 0 ? name + ", ligne " + std::to_string(line) : name};
}

std::string ProblemWords(const notifications::TemplateProblem& problem) {
  return PlaceOf(problem).words + " : " + problem.message;
}

void AddProblems(View& view, const Problems& problems) {
  view.SetList("wrong").Set("has_wrong", !problems.empty());
  for (const char* field : {"subject", "text", "html"}) {
    const bool bad = std::any_of(problems.begin(), problems.end(), [&](const auto& problem) {
      return PlaceOf(problem).field == field;
    });
    view.Set(std::string("bad_") + field, bad);
  }
  for (const auto& problem : problems) {
    view.AddRow("wrong")
        .Set("w_field", PlaceOf(problem).field)
        .Set("w_words", ProblemWords(problem));
  }
}

void AddVariables(View& view, const OwnTextScene& scene, const std::string& public_url) {
  view.SetList("variables");
  const auto add = [&](const std::string& tag, const std::string& meaning, bool in_subject,
                       const std::string& example) {
    view.AddRow("variables")
        .Set("var_tag", tag)
        .Set("var_meaning", meaning)
        .Set("var_subject", in_subject)
        .Set("var_example", example);
  };
  const auto& sample = scene.sample.payload;
  const auto example = [&](const std::string& name) -> std::string {
    if (!scene.project) return "";
    if (name == "url") return public_url + "/projets/" + scene.project->number;
    if (name == "call_url") return public_url + "/appels/" + scene.of.call.id;
    const auto found = sample.find(name);
    return found != sample.end() && found->is_string() ? found->get<std::string>() : "";
  };
  for (const MailVariable& one : notifications::kMailVariables) {
    add("{{" + std::string(one.name) + "}}", one.meaning, one.in_subject, example(one.name));
  }
  add("{{reason}}", "motif ou commentaire écrit par qui a fait l’acte, sur plusieurs lignes", false,
      example("reason"));
  add("{{#items}}{{label}} : {{value}}{{/items}}",
      "réponses du formulaire de l’acte, une fois par réponse", false, "");
  add("{{#has_due}}…{{/has_due}}",
      "ce qui n’est écrit que s’il y a une échéance ; de même has_ devant toute variable, et "
      "has_items",
      false, "");
}

void AddChange(View& row, const char* name, const std::string& before, const std::string& after) {
  if (before == after) {
    row.Set(name, false);
    return;
  }
  View words;
  AddWords(words, CompareWords(before, after));
  row.Set(name, std::move(words));
}

void AddOwnVersions(View& view, const OwnTextScene& scene) {
  view.SetList("versions").Set("own", scene.IsOwn());
  for (std::size_t i = 0; i < scene.versions.size(); ++i) {
    const auto& one = scene.versions[i];
    const auto name = scene.names.find(one.person);
    View& row = view.AddRow("versions");
    row.Set("v_label", "Version " + std::to_string(one.version) +
                           (one.removed ? " : retour au texte d’origine" : ""))
        .Set("v_href", scene.of.address() + "/" + scene.message + "/" +
                           std::to_string(one.version) + "/retablir")
        .Set("v_who", name == scene.names.end() ? "" : name->second)
        .Set("v_when", workflows::FrenchInstant(one.at))
        .Set("v_here", i == 0);
    row.Set("v_changed", i < kDifferencesShown && !one.removed);
    if (i >= kDifferencesShown || one.removed) continue;
    const bool first = i + 1 == scene.versions.size() || scene.versions[i + 1].removed;
    const MailSource before =
        first ? notifications::SourceOf(*scene.of.rails, scene.message)
              : MailSource{scene.versions[i + 1].text, scene.versions[i + 1].html};
    row.Set("v_before", first ? "le texte des règles"
                              : "la version " + std::to_string(scene.versions[i + 1].version));
    AddChange(row, "v_text", before.text, one.text);
    AddChange(row, "v_html", before.html, one.html);
  }
}

void AddPlaces(View& view, const OwnTextScene& scene) {
  view.SetList("places");
  const auto add = [&](const std::string& slug, const std::string& label, bool child) {
    const bool own = std::any_of(
        scene.of.in_force.begin(), scene.of.in_force.end(),
        [&](const auto& head) { return head.message == scene.message && head.collection == slug; });
    view.AddRow("places")
        .Set("pl_label", label)
        .Set("pl_child", child)
        .Set("pl_here", slug == scene.collection)
        .Set("pl_own", own)
        .Set("pl_href", scene.of.address() + "/" + scene.message + QueryOf({{"collection", slug}}));
  };
  add("", FirstUpper(scene.of.LabelOf("")), false);
  for (const auto& one : scene.of.collections) add(one.slug, one.label, !one.parent.empty());
}

void AddUses(View& view, const OwnTextScene& scene) {
  view.SetList("uses");
  for (const auto& use : MailUses(scene.of.definition->chart)) {
    if (use.message != scene.message) continue;
    view.AddRow("uses").Set("u_where", use.where).Set("u_to", use.to).Set("u_copy", use.copy);
  }
}

}  // namespace

std::string CallTexts::LabelOf(const std::string& collection) const {
  for (const auto& one : collections) {
    if (one.slug == collection) return one.label;
  }
  return collection.empty() ? "tout l’appel" : collection;
}

CallTexts ReadCallTexts(Visit& visit, storage::Session& session) {
  CallTexts of;
  const auto call = storage::FindCall(session, visit.Parameter("call"));
  if (!call) throw HttpError(404, "Cet appel n’existe pas.");
  of.call = *call;
  of.definition = visit.services.catalog.Newest(call->definition);
  if (!of.definition) throw HttpError(404, "Les règles de cet appel ne sont pas connues.");
  const auto& kit = visit.services.catalog.KitOf(call->definition);
  of.rails = &kit.mails;
  const auto slugs = SlugsOf(kit.collections);
  for (auto& one : storage::Collections(session)) {
    if (slugs.empty() || slugs.contains(one.slug)) of.collections.push_back(std::move(one));
  }
  of.in_force = storage::MailTextsInForce(session, call->id);
  return of;
}

std::string OwnTextScene::address() const {
  return of.address() + "/" + message + QueryOf({{"collection", collection}});
}

OwnTextScene ReadOwnText(Visit& visit) {
  return visit.services.database.Read([&](storage::Session& session) {
    OwnTextScene scene;
    scene.of = ReadCallTexts(visit, session);
    scene.message = visit.Parameter("message");
    if (!notifications::MayBeOwn(scene.message) ||
        notifications::SourceOf(*scene.of.rails, scene.message).text.empty()) {
      throw HttpError(404, "Les règles de cet appel n’ont pas ce message.");
    }
    scene.collection = visit.request.HasField("collection") ? visit.request.Field("collection")
                                                            : visit.request.Query("collection");
    const bool known = std::any_of(scene.of.collections.begin(), scene.of.collections.end(),
                                   [&](const auto& one) { return one.slug == scene.collection; });
    if (!scene.collection.empty() && !known) {
      throw HttpError(404, "Cet appel n’a pas cette collection.");
    }
    scene.versions =
        storage::MailTextsOf(session, scene.of.call.id, scene.message, scene.collection);
    for (const auto& one : scene.versions) {
      const auto person = storage::FindPerson(session, one.person);
      if (person) scene.names[one.person] = NameOf(*person);
    }
    ReadSource(scene, session);
    ReadProject(scene, session, visit);
    return scene;
  });
}

TypedText TypedOf(const MailSource& source) {
  const auto end = std::min(source.text.find('\n'), source.text.size());
  const auto colon = source.text.find(':');
  const std::string subject =
      colon < end ? source.text.substr(colon + 1, end - colon - 1) : std::string();
  const auto body = source.text.find_first_not_of('\n', end);
  return {Trim(subject), body == std::string::npos ? "" : source.text.substr(body), source.html};
}

MailSource SourceFrom(const TypedText& typed) {
  return {"Objet : " + typed.subject + "\n\n" + typed.text, typed.html};
}

std::string TitleOf(const MailSource& source) {
  std::string title = TypedOf(source).subject;
  if (title.starts_with("[{{number}}]")) title.erase(0, 12);
  return Trim(title);
}

Response ShowOwnText(Visit& visit, const OwnTextScene& scene, const TypedText& typed,
                     const Problems& problems, int status, const TextNotice& told) {
  View view;
  const std::string name = TitleOf(notifications::SourceOf(*scene.of.rails, scene.message));
  view.Set("call_title", scene.of.call.title)
      .Set("list_href", scene.of.address())
      .Set("t_href", scene.of.address() + "/" + scene.message)
      .Set("t_name", name)
      .Set("t_collection", scene.collection)
      .Set("t_place", scene.of.LabelOf(scene.collection))
      .Set("t_from", scene.IsOwn() ? "" : scene.source_of)
      .Set("t_version", std::to_string(scene.version()))
      .Set("t_subject", typed.subject)
      .Set("t_text", typed.text)
      .Set("t_html", typed.html)
      .Set("t_project", scene.asked_project)
      .Set("look_href", scene.of.address() + "/" + scene.message + "/apercu")
      .Set("look_query",
           QueryOf({{"collection", scene.collection}, {"projet", scene.asked_project}}))
      .Set("look", scene.project.has_value())
      .Set("project_error", scene.project_error)
      .Set("told", told.trouble ? "" : told.words)
      .Set("trouble", told.trouble ? told.words : "")
      .Set("origin_href", scene.of.address() + "/" + scene.message + "/0/retablir");
  AddProblems(view, problems);
  AddVariables(view, scene, visit.services.options.public_url);
  AddOwnVersions(view, scene);
  AddPlaces(view, scene);
  AddUses(view, scene);
  const bool wrong = told.trouble || !problems.empty() || !scene.project_error.empty();
  const std::string title = "Texte d’un courriel";
  Response response =
      Page(visit, status, "mail_text", wrong ? "Erreur : " + title : title, std::move(view),
           scene.collection.empty() ? name : name + ", " + scene.of.LabelOf(scene.collection));
  response.Header("Content-Security-Policy",
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                  "connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; "
                  "base-uri 'none'; frame-ancestors 'none'");
  return response;
}

// A document of its own, for the frame of the page: no script, no form, no network.
Response ShowLook(Visit& visit, const OwnTextScene& scene, const TypedText& typed,
                  const Problems& problems, bool as_text) {
  Response response;
  std::string why = scene.project_error;
  for (const auto& problem : problems) {
    why +=
        (why.empty() ? "L’aperçu attend un texte sans erreur.\n\n" : "\n") + ProblemWords(problem);
  }
  if (why.empty() && !scene.project) why = "Cet appel n’a pas encore de projet pour un aperçu.";
  if (why.empty() && !visit.services.preview_mail) why = "L’aperçu n’est pas disponible ici.";
  if (why.empty()) {
    storage::OutboxRow row = scene.sample;
    const MailSource source = SourceFrom(typed);
    row.payload["trial"] = {{"text", source.text}, {"html", source.html}};
    const MailLook look = visit.services.preview_mail(row);
    response =
        as_text ? Text(200, "Objet : " + look.subject + "\n\n" + look.text) : Html(200, look.html);
  } else {
    response = Text(422, why + "\n");
  }
  response.Header("Content-Security-Policy",
                  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
                  "frame-ancestors 'self'");
  return response;
}

}  // namespace aiguillage::web

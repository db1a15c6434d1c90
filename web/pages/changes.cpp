// Before and after of each field between two versions of a document: never the whole, never JSON.
#include "web/difference.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/points.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

int AskedVersion(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 8 && text.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::stoi(text) : -1;
}

std::string VersionWords(const storage::Document& document) {
  return "version " + std::to_string(document.version) + " du " +
         workflows::FrenchInstant(document.at);
}

}  // namespace

Response ChangesPage(Visit& visit) {
  View view;
  std::string title;
  const auto& project = *visit.project;
  visit.services.database.Read([&](storage::Session& session) {
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const auto* form = FormOf(*definition, visit.Parameter("form"));
    const auto documents = storage::DocumentsOf(session, project.id);
    const auto named = [&](int version) {
      const auto found = std::find_if(documents.begin(), documents.end(), [&](const auto& one) {
        return one.form == visit.Parameter("form") && one.version == version;
      });
      return found == documents.end() ? nullptr : &*found;
    };
    const auto* document = named(AskedVersion(visit.Parameter("version")));
    if (form == nullptr || document == nullptr) throw HttpError(404, "Ce document n’existe pas.");
    const Sight sight = SightOf(session, *visit.visitor, project, visit.now);
    const std::string asked = visit.request.Query("depuis");
    const auto* before =
        asked.empty() ? BaselineOf(documents, *document, *form, sight) : named(AskedVersion(asked));
    if (!asked.empty() && before == nullptr) throw HttpError(404, "Cette version n’existe pas.");
    if (!sight.MayRead(form, *document) || (before != nullptr && !sight.MayRead(form, *before))) {
      throw HttpError(403, "Ce document est réservé à ceux qui instruisent le projet.");
    }
    title = "Ce qui a changé : " + form->title;
    view.Set("number", project.number)
        .Set("project_title", project.title)
        .Set("doc_title", form->title)
        .Set("doc_href", "/projets/" + project.number + "/documents/" + form->id + "/" +
                             std::to_string(document->version))
        .Set("after_words", VersionWords(*document))
        .Set("before_words", before == nullptr ? "" : VersionWords(*before));
    view.SetList("changes");
    if (before == nullptr) return;
    for (const auto& field : Differences(*form, before->answers, document->answers,
                                         storage::FilesOf(session, project.id))) {
      View& row = view.AddRow("changes");
      row.Set("change_label", field.label);
      AddWords(row, field.words);
    }
  });
  return Page(visit, 200, "changes", title, std::move(view),
              "version " + visit.Parameter("version"));
}

}  // namespace aiguillage::web

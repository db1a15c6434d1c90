// Papers: a version of a document to read and print, a blank form, a stored file.
#include <filesystem>

#include "forms/view.h"
#include "web/difference.h"
#include "web/form_view.h"
#include "web/page.h"
#include "web/pages/handlers.h"
#include "web/sight.h"
#include "web/uploads.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

int VersionNumber(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 8 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) throw HttpError(404, "Ce document n’existe pas.");
  return std::stoi(text);
}

void AddBlankField(View& row, const forms::FieldView& field) {
  row.Set("b_label", field.label)
      .Set("b_help", field.help)
      .Set("b_required", field.required)
      .Set("b_heading", field.widget == "heading")
      .Set("b_box", field.widget == "textarea" || field.widget == "tags")
      .Set("b_line", field.options.empty() && field.columns.empty() && field.widget != "textarea" &&
                         field.widget != "tags" && field.widget != "checkbox" &&
                         field.widget != "heading")
      .Set("b_check", field.widget == "checkbox");
  row.SetList("b_options");
  for (const auto& option : field.options) row.AddRow("b_options").Set("b_option", option.label);
}

void AddBlankTable(View& item, const forms::FieldView& field) {
  item.SetList("b_columns").SetList("b_rows");
  for (const auto& column : field.columns) item.AddRow("b_columns").Set("b_column", column);
  const bool grid = field.widget == "grid";
  item.Set("b_first", grid ? "Point" : "Ligne");
  int count = 0;
  for (const auto& line : field.children) {
    View& row = item.AddRow("b_rows");
    ++count;
    row.Set("b_row_label", grid ? line.label : std::to_string(count));
    row.SetList("b_cells");
    for (const auto& cell : line.children) {
      std::string choices;
      for (const auto& option : cell.options) {
        choices += (choices.empty() ? "☐ " : "  ☐ ") + option.label;
      }
      row.AddRow("b_cells").Set("b_cell", choices);
    }
  }
}

void AddBlank(View& view, const forms::FormView& form) {
  view.SetList("blank_items");
  for (const auto& field : form.fields) {
    View& item = view.AddRow("blank_items");
    const bool table = field.widget == "table" || field.widget == "grid";
    AddBlankField(item, field);
    item.Set("b_table", table).Set("b_group", !table && !field.children.empty());
    item.SetList("b_children");
    AddBlankTable(item, table ? field : forms::FieldView{});
    if (table) continue;
    for (const auto& child : field.children) AddBlankField(item.AddRow("b_children"), child);
  }
}

}  // namespace

Response DocumentPage(Visit& visit) {
  View view;
  std::string title;
  const int version = VersionNumber(visit.Parameter("version"));
  const auto& project = *visit.project;
  visit.services.database.Read([&](storage::Session& session) {
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const auto* form = FormOf(*definition, visit.Parameter("form"));
    const auto document =
        storage::FindDocument(session, project.id, visit.Parameter("form"), version);
    const Sight sight = SightOf(session, *visit.visitor, project, visit.now);
    if (form == nullptr || !document) throw HttpError(404, "Ce document n’existe pas.");
    if (!sight.MayRead(form, *document)) {
      throw HttpError(403, "Ce document est réservé à ceux qui instruisent le projet.");
    }
    title = (form->print_title.empty() ? form->title : form->print_title) + " – " + project.number;
    const bool named =
        sight.names || document->person == sight.person || document->person == project.holder;
    view.Set("doc_title", form->print_title.empty() ? form->title : form->print_title)
        .Set("doc_notice", form->notice)
        .Set("doc_version", std::to_string(version))
        .Set("doc_date", workflows::FrenchInstant(document->at))
        .Set("doc_author",
             document->person == 0 ? "Démarches Simplifiées"
             : named ? SignedBy(session, storage::JournalOf(session, project.id), *document)
                     : "")
        .Set("doc_taken_back", document->taken_back)
        .Set("number", project.number)
        .Set("project_title", project.title);
    AddAnswers(view, forms::ReadView(*form, document->answers),
               storage::FilesOf(session, project.id));
    view.SetList("versions");
    const auto documents = storage::DocumentsOf(session, project.id);
    view.Set("changes_href", BaselineOf(documents, *document, *form, sight) == nullptr
                                 ? ""
                                 : ChangesAddress(project.number, *document));
    for (const auto& other : documents) {
      if (other.form != document->form || !sight.MayRead(form, other)) continue;
      view.AddRow("versions")
          .Set("version_label", "version " + std::to_string(other.version))
          .Set("version_href", "/projets/" + project.number + "/documents/" + other.form + "/" +
                                   std::to_string(other.version))
          .Set("version_here", other.version == version);
    }
  });
  return Page(visit, 200, "document", title, std::move(view), "version " + std::to_string(version));
}

Response HandOver(Visit& visit) {
  const auto& project = *visit.project;
  nlohmann::json documents = nlohmann::json::object();
  visit.services.database.Read([&](storage::Session& session) {
    const auto definition = visit.services.catalog.Pinned(session, project.definition);
    const Sight sight = SightOf(session, *visit.visitor, project, visit.now);
    for (const auto& document : storage::DocumentsOf(session, project.id)) {
      const auto* form = FormOf(*definition, document.form);
      if (form == nullptr || !form->handover || document.taken_back) continue;
      if (!sight.MayRead(form, document)) continue;
      nlohmann::json& kept = documents[document.form];
      if (kept.is_object() && kept["version"] > document.version) continue;
      kept = {{"version", document.version},
              {"at", workflows::IsoInstant(document.at)},
              {"answers", document.answers}};
    }
  });
  if (documents.empty()) throw HttpError(404, "Aucune fiche à transmettre pour ce projet.");
  const nlohmann::json sheets = {
      {"number", project.number},         {"title", project.title},
      {"collection", project.collection}, {"publication_on", project.publication_on},
      {"course_url", project.course_url}, {"documents", documents}};
  Response response =
      Html(200, sheets.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  response.type = "application/json; charset=utf-8";
  response.Header("Content-Disposition", AttachmentOf(project.number + "-fiches.json"));
  return response;
}

Response BlankFormPage(Visit& visit) {
  const std::string& id = visit.Parameter("form");
  for (const auto& name : visit.services.catalog.Names()) {
    const auto definition = visit.services.catalog.Newest(name);
    if (!definition) continue;
    const auto* form = FormOf(*definition, id);
    if (form == nullptr || (!form->is_public && !visit.visitor)) continue;
    View view;
    view.Set("form_intro", form->intro).Set("form_notice", form->notice);
    AddBlank(view, forms::BlankView(*form));
    return Page(visit, 200, "blank", form->print_title.empty() ? form->title : form->print_title,
                std::move(view));
  }
  throw HttpError(404, "Ce formulaire n’existe pas.");
}

Response DownloadFile(Visit& visit) {
  const auto file = visit.services.database.Read([&](storage::Session& session) {
    const Sight sight = SightOf(session, *visit.visitor, *visit.project, visit.now);
    const auto definition = visit.services.catalog.Pinned(session, visit.project->definition);
    const std::int64_t id = std::stoll(visit.Parameter("file"));
    for (auto& row : ReadableFiles(session, sight, *definition, *visit.project)) {
      if (row.id == id) return std::optional<storage::File>(std::move(row));
    }
    return std::optional<storage::File>();
  });
  if (!file) throw HttpError(404, "Ce fichier n’existe pas.");
  if (storage::IsInfected(*file)) {
    throw HttpError(403,
                    "Ce fichier est retenu : l’antivirus y a reconnu un logiciel malveillant.");
  }
  if (storage::IsHeld(*file)) {
    throw HttpError(423,
                    "Ce fichier est en attente d’analyse par l’antivirus : il pourra être ouvert "
                    "dès qu’elle sera faite, sans rien demander.");
  }
  const std::string path = StoredPath(visit.services.options.files_dir, file->hash);
  if (path.empty() || !std::filesystem::exists(path)) {
    throw HttpError(404, "Ce fichier a été effacé ou n’est pas encore arrivé.");
  }
  Response response = Html(200, "");
  response.type = "application/octet-stream";
  response.file = path;
  response.Header("Content-Disposition", AttachmentOf(file->name));
  response.Header("Content-Security-Policy", "default-src 'none'; sandbox");
  return response;
}

}  // namespace aiguillage::web

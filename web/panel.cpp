#include "web/panel.h"

#include "forms/wording.h"
#include "web/words.h"
#include "workflows/calendar.h"

namespace aiguillage::web {

namespace {

bool HasSheet(const workflows::Panel& panel, std::int64_t person) {
  for (const auto& sheet : panel.sheets) {
    if (sheet.person == person) return true;
  }
  return false;
}

std::string TextIn(const nlohmann::json& answers, const std::string& name) {
  const auto found = answers.find(name);
  return found != answers.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string CommentOn(const storage::Document& sheet, const std::string& criterion) {
  const auto scores = sheet.answers.value("scores", nlohmann::json::object());
  const auto row = scores.value(criterion, nlohmann::json::object());
  return TextIn(row, "comment");
}

std::string RecommendationOf(const forms::Form& form, const storage::Document& sheet) {
  const auto* field = forms::FindField(form, "recommendation");
  const std::string value = TextIn(sheet.answers, "recommendation");
  if (field == nullptr) return "";
  for (const auto& option : field->options) {
    if (option.value == value) return option.label;
  }
  return "";
}

void AddCriteria(View& view, const workflows::Panel& panel) {
  view.SetList("criteria");
  for (const auto& criterion : panel.scores.criteria) {
    View& row = view.AddRow("criteria");
    row.Set("k_title", criterion.title)
        .Set("k_weight", std::to_string(criterion.weight))
        .Set("k_mean", Mark(criterion.mean))
        .Set("k_spread", std::to_string(criterion.spread))
        .Set("k_wide", criterion.wide)
        .Set("k_low", criterion.low);
    row.SetList("k_marks");
    for (std::size_t i = 0; i < panel.sheets.size(); ++i) {
      row.AddRow("k_marks")
          .Set("k_mark", std::to_string(criterion.marks[i]))
          .Set("k_comment", CommentOn(panel.sheets[i], criterion.id));
    }
  }
}

void AddReviewers(View& view, storage::Session& session, const Sight& sight,
                  const storage::Project& project, const workflows::Panel& panel) {
  view.SetList("reviewers");
  const auto journal = storage::JournalOf(session, project.id);
  for (std::size_t i = 0; i < panel.sheets.size(); ++i) {
    const auto& sheet = panel.sheets[i];
    View& row = view.AddRow("reviewers");
    const bool open = sight.MayRead(panel.form, sheet);
    const bool named = sight.names && sheet.person != sight.person;
    row.Set("v_name", named ? SignedBy(session, journal, sheet)
                            : ReviewerName(session, sight, sheet.person, i))
        .Set("v_total", Mark(panel.scores.totals[i]))
        .Set("v_recommendation", RecommendationOf(*panel.form, sheet))
        .Set("v_date", workflows::FrenchDate(sheet.at))
        .Set("v_href", open ? "/projets/" + project.number + "/documents/" + sheet.form + "/" +
                                  std::to_string(sheet.version)
                            : "");
    row.SetList("v_texts");
    for (const char* name : {"strengths", "weaknesses", "conditions"}) {
      const auto* field = forms::FindField(*panel.form, name);
      const std::string text = TextIn(sheet.answers, name);
      if (field == nullptr || text.empty()) continue;
      row.AddRow("v_texts").Set("v_label", field->title).Set("v_text", text);
    }
  }
  view.SetList("abstentions");
  for (std::size_t i = 0; i < panel.abstentions.size(); ++i) {
    const auto& one = panel.abstentions[i];
    const std::string name = sight.names || one.person == sight.person
                                 ? ReviewerName(session, sight, one.person, i)
                                 : "Un relecteur";
    view.AddRow("abstentions").Set("b_name", name).Set("b_reason", TextIn(one.answers, "reason"));
  }
}

// What is still awaited, or wrong: a third reviewer after a gap of two points.
std::string ThirdWords(const storage::Project& project, const workflows::Panel& panel) {
  bool wide = false;
  for (const auto& criterion : panel.scores.criteria) wide = wide || criterion.wide;
  if (!wide) return "";
  if (!panel.scores.third_reviewer_needed) {
    return "Deux relecteurs au moins s’écartent de deux points ou plus ; un troisième s’est "
           "prononcé.";
  }
  const bool open = project.states.find(kReviewState) != std::string::npos;
  return open ? "Deux relecteurs s’écartent de deux points ou plus : un troisième avis est demandé "
                "avant le comité."
              : "Deux relecteurs s’écartent de deux points ou plus, et aucun troisième ne s’est "
                "prononcé.";
}

}  // namespace

std::string Mark(double mark) { return forms::FrenchNumber(mark, 2); }

std::string PanelRefusal(const Sight& sight, const workflows::Panel& panel) {
  if (!sight.inside) {
    return "Les avis des relecteurs sont réservés à ceux qui instruisent et décident.";
  }
  if (sight.owes_marks) {
    return "Vous verrez les notes des autres relecteurs une fois les vôtres rendues.";
  }
  bool decides = sight.all_papers;
  for (const auto& held : sight.roles) {
    decides = decides || workflows::RoleLike(held.role).starts_with("committee");
  }
  if (decides || HasSheet(panel, sight.person)) return "";
  return "Les avis des relecteurs sont réservés à ceux qui instruisent et décident.";
}

std::string PanelRefusal(const Visit& visit, storage::Session& session) {
  const auto& project = *visit.project;
  const auto definition = visit.services.catalog.Pinned(session, project.definition);
  return PanelRefusal(SightOf(session, *visit.visitor, project, visit.now),
                      workflows::ReadPanel(session, *definition, project.id));
}

std::string ReviewerName(storage::Session& session, const Sight& sight, std::int64_t person,
                         std::size_t index) {
  if (person == sight.person) return "Vous";
  if (!sight.names) return "Relecteur " + std::to_string(index + 1);
  const auto found = storage::FindPerson(session, person);
  return found ? NameOf(*found) : "Relecteur " + std::to_string(index + 1);
}

void AddPanel(View& view, storage::Session& session, const Sight& sight,
              const storage::Project& project, const workflows::Panel& panel) {
  AddCriteria(view, panel);
  AddReviewers(view, session, sight, project, panel);
  const auto count = static_cast<std::int64_t>(panel.sheets.size());
  view.Set("panel_count", Plural(count, "avis rendu", "avis rendus"))
      .Set("panel_any", count > 0)
      .Set("panel_total", Mark(panel.scores.total))
      .Set("panel_threshold", Mark(forms::kThreshold))
      .Set("panel_passes", panel.scores.passes)
      .Set("panel_third", ThirdWords(project, panel))
      .Set("panel_frozen", panel.frozen ? workflows::FrenchInstant(panel.frozen->at) : "");
}

void AddPanelLink(View& view, storage::Session& session, const Sight& sight,
                  const workflows::Definition& definition, const storage::Project& project) {
  view.Set("panel_href", "").Set("panel_words", "");
  if (!sight.inside) return;
  const workflows::Panel panel = workflows::ReadPanel(session, definition, project.id);
  if (panel.sheets.empty() || !PanelRefusal(sight, panel).empty()) return;
  std::string words = Plural(static_cast<std::int64_t>(panel.sheets.size()), "avis", "avis") +
                      ", note pondérée " + Mark(panel.scores.total) + " sur 100";
  for (const auto& criterion : panel.scores.criteria) {
    if (!criterion.wide) continue;
    words += " ; écart de deux points ou plus";
    break;
  }
  view.Set("panel_href", "/projets/" + project.number + "/consolidation").Set("panel_words", words);
}

}  // namespace aiguillage::web

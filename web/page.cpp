#include "web/page.h"

#include <stdexcept>

#include "web/api.h"
#include "web/assets.h"
#include "web/words.h"

namespace aiguillage::web {

namespace {

notifications::TemplateSet LoadOrThrow(const std::string& directory) {
  auto set = notifications::TemplateSet::LoadFolder(directory, {.layout = "_layout"});
  if (!set) throw std::runtime_error(set.refusal().sentence);
  return std::move(set).value();
}

struct MenuItem {
  const char* path;
  const char* label;
  Rule rule;
};

constexpr MenuItem kMenu[] = {
    {"/taches", "Mes tâches", Rule::kLoggedIn},
    {"/projets", "Projets", Rule::kLoggedIn},
    {"/comite", "Comité", Rule::kCommittee},
    {"/pilotage", "Pilotage", Rule::kSteering},
    {"/courriels", "Courriels", Rule::kOffice},
    {"/personnes", "Personnes", Rule::kDirectory},
    {"/appels", "Appels", Rule::kPilot},
    {"/collections", "Collections", Rule::kPublic},
    {"/calendrier", "Publications", Rule::kPublic},
};

void AddMenu(View& view, const Visit& visit) {
  view.SetList("menu");
  for (const MenuItem& item : kMenu) {
    if (CheckRule(item.rule, visit.visitor)) continue;
    const std::string path = item.path;
    const bool here = visit.request.path == path || visit.request.path.rfind(path + "/", 0) == 0;
    view.AddRow("menu").Set("menu_href", path).Set("menu_label", item.label).Set("menu_here", here);
  }
}

const char* HeadingOf(int status) {
  switch (status) {
    case 401:
      return "Connexion nécessaire";
    case 403:
      return "Vous n’avez pas accès à cette page";
    case 404:
      return "Page introuvable";
    case 405:
      return "Demande impossible";
    case 409:
      return "La situation a changé";
    case 413:
      return "Envoi trop volumineux";
    case 423:
      return "Fichier en attente d’analyse";
    case 429:
      return "Trop de demandes";
    case 503:
      return "Service momentanément indisponible";
    default:
      return status >= 500 ? "Une erreur s’est produite" : "Demande incorrecte";
  }
}

}  // namespace

Pages::Pages(const std::string& directory) : set_(LoadOrThrow(directory)) {}

void Pages::Watch(const std::string& name, const View& view) {
  if (!strict_) return;
  for (const auto& missing : Get(name).Missing(view)) {
    const std::lock_guard lock(mutex_);
    missing_.insert(name + ": " + missing);
  }
}

std::set<std::string> Pages::Missing() {
  const std::lock_guard lock(mutex_);
  return missing_;
}

Response Page(Visit& visit, int status, const std::string& name, const std::string& title,
              View view, const std::string& part) {
  const Assets& assets = visit.house.assets;
  const std::string mark = "Erreur : ";  // for who hears the tab's title; the page says it in place
  std::string tab = part.empty() ? title : title + " – " + part;
  if (visit.project && tab.find(visit.project->number) == std::string::npos) {
    tab += " – " + visit.project->number;
  }
  view.Set("title", tab)
      .Set("heading", title.starts_with(mark) ? title.substr(mark.size()) : title)
      .Set("bootstrap_css", assets.Address("bootstrap.min.css"))
      .Set("theme_css", assets.Address("aiguillage.css"))
      .Set("script", assets.Address("aiguillage.js"))
      .Set("logo", assets.Address("logo.svg"))
      .Set("csrf", visit.form_token)
      .Set("logged_in", visit.visitor.has_value())
      .Set("person_name", visit.visitor ? NameOf(visit.visitor->person) : "");
  AddMenu(view, visit);
  visit.house.pages.Watch(name + ".html", view);
  return Html(status, visit.house.pages.Get(name + ".html").Render(view));
}

int PageAsked(const Visit& visit) {
  const std::string page = visit.request.Query("page");
  const bool digits =
      !page.empty() && page.size() < 6 && page.find_first_not_of("0123456789") == std::string::npos;
  return digits ? std::max(1, std::stoi(page)) : 1;
}

Response ErrorPage(Visit& visit, int status, const std::string& sentence) {
  if (IsApi(visit.request)) return Problem(status, HeadingOf(status), sentence);
  View view;
  view.Set("sentence", sentence)
      .Set("offer_login", status == 401)
      .Set("request_id", status >= 500 ? visit.id : "");
  try {
    return Page(visit, status, "error", HeadingOf(status), std::move(view));
  } catch (const std::exception&) {
    return Text(status, sentence + "\n");  // the error page itself must not fail
  }
}

}  // namespace aiguillage::web

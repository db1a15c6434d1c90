// Pages: a template, a view, and the frame around them (head, menu, foot).
//
//   View view;
//   view.Set("sentence", "…");
//   return Page(visit, 200, "error", "Page introuvable", std::move(view));
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "notifications/template.h"
#include "notifications/view.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

using notifications::View;

class Pages {
 public:
  // Throws std::runtime_error with the sentences of every template that is wrong.
  explicit Pages(const std::string& directory);
  const notifications::Template& Get(const std::string& name) const { return set_.Get(name); }

  // Names that a template asked for and its view did not give; filled when `strict` is set.
  void Watch(const std::string& name, const View& view);
  std::set<std::string> Missing();
  void SetStrict(bool strict) { strict_ = strict; }

 private:
  notifications::TemplateSet set_;
  bool strict_ = false;
  std::mutex mutex_;
  std::set<std::string> missing_;
};

// `name` without ".html". The title is that of the browser's tab and, without « Erreur : », of the
// page's first heading. `part` and the project's number are said in the tab only, where nothing
// else tells two pages apart: « Valider le cadrage – AIG-2026-0042 ».
Response Page(Visit& visit, int status, const std::string& name, const std::string& title,
              View view, const std::string& part = "");
int PageAsked(const Visit& visit);  // ?page= of a long list, 1 unless it is a number
Response ErrorPage(Visit& visit, int status, const std::string& sentence);

}  // namespace aiguillage::web

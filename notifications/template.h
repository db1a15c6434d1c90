// The one Mustache wrapper of the house: pages and mails both go through it.
//
//   auto set = TemplateSet::LoadFolder("web/templates", {.layout = "_layout"});
//   if (!set) return set.refusal();        // « project.html:12 : … », one sentence a line
//   std::string page = set.value().Get("project.html").Render(view);
//
// Everything that can be wrong is refused at load, because the library itself stays silent:
// unbalanced or unknown tags, raw output (`{{{x}}}`, `{{&x}}`), other delimiters, a value in an
// unquoted attribute, a script, a style or an event handler, an inclusion of oneself. Inclusions
// `{{> name}}` are expanded then, in place: nothing is parsed while a page is made, and no text of
// a user can ever be taken for a template. A loaded set is never written: share it between threads.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "notifications/view.h"

namespace aiguillage::notifications {

// How values are written: by the end of the name. `.txt` and `.subject` are plain, all else is
// HTML.
enum class Escape { kHtml, kPlain };
Escape EscapeOf(const std::string& name);

struct TemplateProblem {
  std::string file;
  int line = 0;
  std::string message;  // French
};
// All of them as one refusal, a sentence a line: « project.html.mustache:12 : … ».
engine::Refusal RefusalOf(const std::vector<TemplateProblem>& problems);

struct TemplateOptions {
  // Base name of the frame put around each template, at its `{{> body}}`: with "_layout",
  // `project.html` is framed by `_layout.html` where the set has one.
  std::string layout;
};

class Template {
 public:
  std::string Render(const View& view) const;

  // Every name that is used, under the sections around it: "title", "tasks/label".
  std::vector<std::string> Names() const;
  // Those that this view does not give (rows of an empty list cannot be looked at). Tests and
  // previews ask; a missing name shows as nothing.
  std::vector<std::string> Missing(const View& view) const;

 private:
  friend class TemplateSet;
  struct Impl;
  explicit Template(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

class TemplateSet {
 public:
  // Names are paths inside the folder without `.mustache`: "tasks.html", "mails/late.txt". Those
  // whose last part begins with `_` are only there to be included, by the names of their own kind:
  // `{{> _row}}` inside `tasks.html` is `_row.html`.
  static engine::Outcome<TemplateSet> LoadFolder(const std::string& directory,
                                                 const TemplateOptions& options = {});
  static engine::Outcome<TemplateSet> LoadTexts(const std::map<std::string, std::string>& texts,
                                                const TemplateOptions& options = {});
  // All that LoadTexts would refuse, for whoever edits or checks templates.
  static std::vector<TemplateProblem> Check(const std::map<std::string, std::string>& texts,
                                            const TemplateOptions& options = {});

  bool Has(const std::string& name) const { return templates_.count(name) > 0; }
  const Template& Get(const std::string& name) const;  // throws std::out_of_range with the name
  std::vector<std::string> Names() const;

 private:
  std::map<std::string, Template> templates_;
};

}  // namespace aiguillage::notifications

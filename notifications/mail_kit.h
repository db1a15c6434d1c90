// The mail texts of one definition, checked and ready: a pair per message, framed by `_layout`.
//
//   framing_validated.txt.mustache     Objet : [{{number}}] Votre cadrage est validé
//                                      (an empty line)
//                                      Le chef de file valide …
//   framing_validated.html.mustache    <p>Le chef de file valide …
//
// Texts may use the variables below and no other; each has a flag has_NAME beside it. Subjects may
// use fewer: what people write at length has no place there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "notifications/template.h"

namespace aiguillage::notifications {

// Texts of one line …
struct MailVariable {
  const char* name;
  const char* meaning;  // French, for whoever writes texts
  bool in_subject = false;
};
inline constexpr MailVariable kMailVariables[] = {
    {"recipient", "nom de la personne qui reçoit"},
    {"number", "numéro du projet", true},
    {"title", "titre du projet", true},
    {"collection", "collection du projet", true},
    {"call", "titre de l’appel", true},
    {"state", "étape, telle que les services la nomment", true},
    {"public_state", "étape, telle que le porteur la lit", true},
    {"actor", "qui a fait l’acte dont ce courriel parle"},
    {"due", "échéance la plus proche, quand il y en a une", true},
    {"url", "lien vers le projet, refait pour chaque envoi"},
    {"next", "ce qui est attendu ensuite, et de qui"},
    {"contact", "à qui écrire pour une question"},
    {"holder", "porteur du projet"},
    {"call_url", "lien vers la page de l’appel"},
    {"date", "jour de l’acte", true},
    {"standing_for", "personne absente que le destinataire remplace"}};
// … one of several, and the list `items` of {label, value}.
inline constexpr const char* kMailReason = "reason";

class MailKit {
 public:
  // `mails`: file name -> text, as workflows::Kit has them. Refused with file, line and reason.
  static engine::Outcome<MailKit> Load(const std::map<std::string, std::string>& mails);
  static std::vector<TemplateProblem> Check(const std::map<std::string, std::string>& mails);

  bool Has(const std::string& id) const { return set_.Has(id + ".subject"); }
  std::string Subject(const std::string& id, const View& view) const;  // one line, 200 at most
  std::string Text(const std::string& id, const View& view) const;
  std::string Html(const std::string& id, const View& view) const;
  // The text without its frame, for whoever rewrites it.
  std::string Body(const std::string& id, const View& view) const;
  std::vector<std::string> Ids() const;

 private:
  TemplateSet set_, bodies_;  // framed, and not
};

}  // namespace aiguillage::notifications

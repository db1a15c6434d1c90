#include <algorithm>
#include <set>
#include <sstream>

#include "workflows/calendar.h"
#include "workflows/check_internal.h"
#include "workflows/ladder.h"
#include "workflows/roles.h"

namespace aiguillage::workflows {
namespace {

// What the desk puts into the event `intake` beside the answers.
bool IsOfIntake(const std::string& field) { return field == "ds_state" || field == "filed_on"; }

using engine::Instruction;
using engine::InstructionKind;

std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// The standard roles and this document's own: those of other rails are nobody's here.
std::vector<std::string> KnownRoles(const RailsCheck& check) {
  const auto declared = check.chart.attributes.find("roles");
  return RolesOfRails(declared == check.chart.attributes.end() ? "" : declared->second);
}

std::string Listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

void CheckRoles(RailsCheck& check, engine::Position at, const std::string& text,
                bool actor_too = false) {
  const auto known = KnownRoles(check);
  for (const auto& role : WordsOf(text)) {
    const bool is_known = std::find(known.begin(), known.end(), role) != known.end();
    if (is_known || (actor_too && role == "actor")) continue;
    check.Add(at, "unknown_role",
              "rôle inconnu « " + role +
                  " », que personne ne peut tenir : le remplacer par l’un de ceux-ci : " +
                  Listed(known) + ".");
  }
}

std::string Of(const Instruction& instruction, const std::string& name) {
  return engine::Attribute(instruction, name);
}

bool Computes(const Instruction& instruction, const std::string& name) {
  return std::any_of(instruction.computed.begin(), instruction.computed.end(),
                     [&](const engine::Param& param) { return param.name == name; });
}

void CheckMail(RailsCheck& check, const Instruction& mail) {
  const std::string id = Of(mail, "template");
  for (const std::string kind : {".txt.mustache", ".html.mustache"}) {
    if (!check.kit.mails.contains(id + kind)) {
      check.Add(mail.at, "unknown_template",
                "courriel « " + id + " » : écrire le fichier mails/" + id + kind +
                    ", qui manque, ou corriger template.");
    }
  }
  for (const auto& replaced : WordsOf(Of(mail, "replaces"))) {
    if (check.kit.mails.contains(replaced + ".txt.mustache")) continue;
    check.Add(mail.at, "unknown_replaced",
              "replaces nomme le courriel « " + replaced +
                  " », qui n’existe pas : corriger le nom ou l’enlever.");
  }
  if (Of(mail, "to").empty()) {
    check.Add(mail.at, "no_recipient",
              "ce courriel n’a pas de destinataire : ajouter to=\"RÔLE\".");
  }
  CheckRoles(check, mail.at, Of(mail, "to"), true);
  CheckRoles(check, mail.at, Of(mail, "copy"), true);
}

void CheckLadder(RailsCheck& check, const engine::Position& at, const std::string& text) {
  const auto ladder = ParseLadder(text);
  if (!ladder) return check.Add(at, "bad_ladder", ladder.refusal().sentence);
  for (const Rung& rung : ladder.value()) {
    for (const std::string& whom : rung.to) {
      if (whom != kTurn && whom != kDelegate) CheckRoles(check, at, whom);
    }
  }
}

void CheckExtension(RailsCheck& check, const Instruction& deadline) {
  const std::string most = Of(deadline, "extend"), by = Of(deadline, "extend-by");
  if (most.empty() && by.empty()) return;
  const auto rule = ParseDeadlineRule(most);
  if (!rule || rule.value().unit == DeadlineUnit::kCallDate || by.empty()) {
    check.Add(deadline.at, "bad_extension",
              "prolongation attendue sous la forme extend=\"5 jours ouvrés\" "
              "extend-by=\"RÔLE\", reçu « " +
                  most + " », « " + by + " ».");
  }
  CheckRoles(check, deadline.at, by);
}

void CheckDeadline(RailsCheck& check, const engine::StateNode& owner, const Instruction& deadline) {
  const std::string event = Of(deadline, "event");
  if (event.empty()) {
    check.Add(deadline.at, "no_event",
              "cette échéance ne dit pas quel événement elle lève : ajouter event=\"NOM\".");
  } else if (!check.Waits(owner.index, event)) {
    check.Add(deadline.at, "nobody_waits",
              "l’échéance lève « " + event + " », que ni « " + owner.id +
                  " » ni un état qui l’entoure n’attend : y ajouter <transition event=\"" + event +
                  "\">.");
  }
  if (!Computes(deadline, "in")) {
    const auto rule = ParseDeadlineRule(Of(deadline, "in"));
    if (!rule) check.Add(deadline.at, "bad_deadline", rule.refusal().sentence);
  }
  const std::string resume = Of(deadline, "resume");
  if (!resume.empty() && resume != "remaining" && resume != "restart" && resume != "keep") {
    check.Add(deadline.at, "bad_resume",
              "resume=\"" + resume + "\" : attendu remaining, restart ou keep.");
  }
  CheckLadder(check, deadline.at, Of(deadline, "ladder"));
  CheckExtension(check, deadline);
  // A state without a label only groups: its deadline is nobody's task, its event tells people.
  const bool groups = engine::Attribute(owner, "label").empty();
  if (engine::Attribute(owner, "turn").empty() && !groups &&
      owner.kind != engine::StateKind::kParallel) {
    check.Add(deadline.at, "no_owner",
              "l’échéance de « " + owner.id +
                  " » ne court pour personne : dire à qui c’est le "
                  "tour par aap:turn.");
  }
}

void CheckDs(RailsCheck& check, const Instruction& ds) {
  static const std::set<std::string> known = {"instruct", "correction", "accept",  "refuse",
                                              "close",    "message",    "annotate"};
  if (!known.contains(Of(ds, "effect"))) {
    check.Add(ds.at, "unknown_effect",
              "effet DS inconnu « " + Of(ds, "effect") +
                  " » : attendu instruct, correction, accept, refuse, close, message ou annotate.");
  }
  static const std::set<std::string> decisions = {"accept", "refuse", "close"};
  if (!Of(ds, "justificatif").empty() && !decisions.contains(Of(ds, "effect"))) {
    check.Add(ds.at, "stray_justificatif",
              "seule une décision (accept, refuse, close) emporte un justificatif.");
  }
}

void CheckSet(RailsCheck& check, const Instruction& set) {
  static const std::set<std::string> known = {"collection", "title", "course_url",
                                              "publication_on"};
  if (known.contains(Of(set, "field"))) return;
  check.Add(set.at, "unknown_column",
            "« " + Of(set, "field") +
                " » n’est pas une colonne du projet : attendu collection, title, course_url ou "
                "publication_on.");
}

// The first name after _event.data in a path such as "_event.data.verdict".
std::string FieldOf(const std::string& path) {
  static const std::string kData = "_event.data.";
  if (!path.starts_with(kData)) return "";
  return path.substr(kData.size(), path.find('.', kData.size()) - kData.size());
}

bool FormHas(const forms::Form& form, const std::string& field) {
  if (forms::FindField(form, field) != nullptr) return true;
  return std::any_of(form.computed.begin(), form.computed.end(),
                     [&](const auto& computed) { return computed.name == field; });
}

class NameCheck {
 public:
  explicit NameCheck(RailsCheck& check) : check_(check) {
    for (const auto& state : check.chart.states) {
      for (const auto& item : state.data) declared_.insert(item.id);
    }
  }

  void Look(const engine::Expression& expression, engine::Position at,
            const engine::Transition* transition, const std::set<std::string>& local = {}) {
    if (!expression) return;
    for (const auto& name : expression.FreeNames()) {
      if (declared_.contains(name) || kSystem.contains(name) || local.contains(name)) continue;
      check_.Add(at, "unknown_data",
                 "« " + name +
                     " » n’est déclaré par aucun <data> : l’ajouter à <datamodel>, ou corriger " +
                     "« " + expression.text() + " ».");
    }
    if (transition == nullptr) return;
    const auto form = check_.definition.forms.find(engine::Attribute(*transition, "form"));
    if (form == check_.definition.forms.end()) {
      LookWithoutForm(expression, at, *transition);
      return;
    }
    for (const auto& path : expression.Paths()) {
      const std::string field = FieldOf(path);
      // What the desk itself adds to the data of an event.
      if (field.empty() || IsOfIntake(field) || FormHas(form->second, field)) continue;
      check_.Add(at, "unknown_field",
                 "le formulaire « " + form->first + " » n’a pas de champ « " + field +
                     " » : l’ajouter à forms/" + form->first + ".json, ou corriger le nom.");
    }
  }

  // A variable named by one of our attributes.
  void LookNamed(const std::string& name, engine::Position at) {
    if (name.empty() || declared_.contains(name)) return;
    check_.Add(at, "unknown_data",
               "« " + name + " » n’est déclaré par aucun <data> : l’ajouter à <datamodel>.");
  }

 private:
  // An action without form brings no data; what the machine sends may.
  void LookWithoutForm(const engine::Expression& expression, engine::Position at,
                       const engine::Transition& transition) {
    if (engine::Attribute(transition, "label").empty()) return;
    for (const auto& path : expression.Paths()) {
      const std::string field = FieldOf(path);
      if (field.empty() || IsOfIntake(field)) continue;
      check_.Add(at, "unknown_field",
                 "« " + path +
                     " » : cette action n’a pas de formulaire où le remplir. Lui donner "
                     "aap:form, ou ne pas lire ce champ.");
    }
  }

  inline static const std::set<std::string> kSystem = {
      "_event", "_sessionid", "_name",  "_ioprocessors", "_x",        "In",     "Math",
      "JSON",   "Number",     "String", "Boolean",       "Array",     "Object", "undefined",
      "NaN",    "Infinity",   "isNaN",  "parseInt",      "parseFloat"};
  RailsCheck& check_;
  std::set<std::string> declared_;
};

}  // namespace

void CheckActions(RailsCheck& check) {
  for (const auto& state : check.chart.states) {
    CheckRoles(check, state.at, engine::Attribute(state, "turn"));
    CheckRoles(check, state.at, engine::Attribute(state, "each"));
  }
  for (const auto& transition : check.chart.transitions) {
    const std::string label = engine::Attribute(transition, "label");
    const std::string by = engine::Attribute(transition, "by");
    CheckRoles(check, transition.at, by);
    CheckRoles(check, transition.at, engine::Attribute(transition, "unlock"));
    for (const auto& form : WordsOf(engine::Attribute(transition, "about"))) {
      if (check.definition.forms.contains(form)) continue;
      check.Add(transition.at, "unknown_form",
                "aap:about nomme le formulaire « " + form +
                    " », qu’aucune action ne remplit : corriger le nom, ou le retirer.");
    }
    if (!label.empty() && by.empty()) {
      check.Add(transition.at, "no_role",
                "l’action « " + label + " » n’est à personne : ajouter aap:by=\"RÔLE\".");
    }
    if (label.empty() && !by.empty()) {
      check.Add(transition.at, "no_label",
                "cette action n’a pas de nom : ajouter aap:label, un verbe.");
    }
    if (!label.empty() && !transition.attributes.contains("form")) {
      check.Add(transition.at, "no_form",
                "l’action « " + label +
                    " » n’a pas de formulaire : ajouter aap:form=\"NOM\", ou aap:form=\"\" si elle "
                    "ne demande rien à remplir.");
    }
  }
}

void CheckContent(RailsCheck& check) {
  const auto ladder = check.chart.attributes.find("ladder");
  if (ladder != check.chart.attributes.end()) {
    CheckLadder(check, check.State(0).at, ladder->second);
  }
  check.EachBlock(
      [&](const engine::StateNode& state, const engine::Transition*, const engine::Block& block) {
        ForEachInstruction(block, [&](const Instruction& instruction) {
          if (instruction.kind != InstructionKind::kForeign) return;
          if (instruction.name == "mail") CheckMail(check, instruction);
          if (instruction.name == "deadline") CheckDeadline(check, state, instruction);
          if (instruction.name == "ds") CheckDs(check, instruction);
          if (instruction.name == "set") CheckSet(check, instruction);
          if (instruction.name == "grant" || instruction.name == "revoke") {
            CheckRoles(check, instruction.at, Of(instruction, "role"));
          }
        });
      });
}

void CheckNames(RailsCheck& check) {
  NameCheck names(check);
  for (const auto& transition : check.chart.transitions) {
    names.Look(transition.condition, transition.at, &transition);
    names.LookNamed(engine::Attribute(transition, "recuse"), transition.at);
  }
  check.EachBlock([&](const engine::StateNode&, const engine::Transition* transition,
                      const engine::Block& block) {
    std::set<std::string> local;  // what a <foreach> names
    ForEachInstruction(block, [&](const Instruction& instruction) {
      if (instruction.kind == InstructionKind::kForeach) {
        if (instruction.location) local.insert(instruction.location.text());
        if (instruction.index) local.insert(instruction.index.text());
      }
      names.Look(instruction.expression, instruction.at, transition, local);
      names.Look(instruction.location, instruction.at, transition, local);
      for (const auto* params :
           {&instruction.computed, &instruction.payload.params, &instruction.payload.namelist}) {
        for (const auto& param : *params)
          names.Look(param.value, instruction.at, transition, local);
      }
    });
  });
}

}  // namespace aiguillage::workflows

#include "forms/validate.h"

#include <algorithm>
#include <set>

#include "forms/answers.h"
#include "forms/hidden.h"
#include "forms/points.h"
#include "forms/schema_judge.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

std::string Joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

std::size_t Characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string Plain(double number) {
  return number == static_cast<double>(static_cast<long long>(number))
             ? std::to_string(static_cast<long long>(number))
             : json(number).dump();
}

std::string TextError(const Field& field, const json& value) {
  if (!value.is_string()) return "Entrez un texte.";
  const auto& text = value.get_ref<const std::string&>();
  if (field.max_length > 0 && Characters(text) > field.max_length)
    return "Raccourcissez ce texte : " + std::to_string(field.max_length) + " caractères au plus.";
  const bool chosen = field.widget == "select" || field.widget == "radio" ||
                      field.widget == "checkboxes" || field.widget == "part";
  const bool listed = std::any_of(field.options.begin(), field.options.end(),
                                  [&](const Option& option) { return option.value == text; });
  if (chosen && !field.options.empty() && !listed) return "Choisissez une des réponses proposées.";
  if (field.required && text.empty()) return "Ce champ est à remplir.";
  return FormatError(field.format, text);
}

std::string NumberError(const Field& field, const json& value) {
  const bool integer = field.kind == Kind::kInteger;
  if (integer && !value.is_number_integer()) return "Entrez un nombre entier.";
  if (!value.is_number()) return "Entrez un nombre.";
  const double number = value.get<double>();
  if (field.minimum && field.maximum && (number < *field.minimum || number > *field.maximum))
    return "Entrez un nombre entre " + Plain(*field.minimum) + " et " + Plain(*field.maximum) + ".";
  if (field.minimum && number < *field.minimum)
    return "Entrez un nombre d’au moins " + Plain(*field.minimum) + ".";
  if (field.maximum && number > *field.maximum)
    return "Entrez un nombre d’au plus " + Plain(*field.maximum) + ".";
  return "";
}

std::string CountError(const Field& field, std::size_t count) {
  if (count < field.items_min) {
    if (field.items_min == 1) return "Ce champ est à remplir.";
    return "Il en faut au moins " + std::to_string(field.items_min) + ".";
  }
  if (field.items_max > 0 && count > field.items_max)
    return "Il en faut au plus " + std::to_string(field.items_max) + ".";
  return "";
}

std::string ListError(const Field& field, const json& value) {
  if (!value.is_array()) return "Entrez une liste.";
  if (auto wrong = CountError(field, value.size()); !wrong.empty()) return wrong;
  std::set<json> seen;
  for (const auto& item : value) {
    auto wrong = TextError(field, item);
    if (!wrong.empty())
      return value.size() > 1 && item.is_string()
                 ? "« " + item.get<std::string>().substr(0, 80) + " » : " + wrong
                 : wrong;
    if (!seen.insert(item).second && (field.widget == "people" || field.widget == "checkboxes"))
      return "Une même réponse est donnée deux fois.";
  }
  return "";
}

class Examiner {
 public:
  explicit Examiner(const std::string& today) : today_(today) {}

  std::vector<FieldError> errors;

  void Level(const std::vector<Field>& fields, const json& level, const std::string& path) {
    for (const auto& field : fields) {
      if (field.kind == Kind::kHeading || !IsShown(field, level)) continue;
      const auto found = level.find(field.name);
      const std::string here = Joined(path, field.name);
      if (found == level.end() || found->is_null()) {
        if (field.required) Missing(field, here);
      } else {
        Answer(field, *found, here);
        if (field.explain) Explained(field, *found, level, path);
      }
    }
    for (const auto& entry : level.items()) {
      const std::string& name = entry.key();
      const bool known = std::any_of(fields.begin(), fields.end(), [&](const Field& field) {
        return field.name == name && field.kind != Kind::kHeading;
      });
      if (!known) Add(path, "Champ inconnu : « " + name.substr(0, 80) + " ».");
    }
  }

 private:
  void Add(const std::string& path, std::string sentence) {
    if (!sentence.empty()) errors.push_back({path, std::move(sentence)});
  }

  // A group that is missing is missing in each of its parts: that is where people look.
  void Missing(const Field& field, const std::string& path) {
    if (field.kind == Kind::kGroup) return Level(field.children, json::object(), path);
    if (field.kind == Kind::kBoolean && field.widget == "checkbox")
      return Add(path, "Cochez cette case pour continuer.");
    const bool chosen = field.widget == "select" || field.widget == "radio" ||
                        field.widget == "boolean" || field.widget == "checkboxes";
    if (field.kind == Kind::kRows && field.items_min > 1) return Add(path, CountError(field, 0));
    Add(path, chosen                   ? "Choisissez une réponse."
              : field.widget == "file" ? "Joignez un fichier."
                                       : "Ce champ est à remplir.");
  }

  void Explained(const Field& field, const json& value, const json& level,
                 const std::string& path) {
    const auto& wanted = field.explain->values;
    if (std::find(wanted.begin(), wanted.end(), value) == wanted.end()) return;
    const auto words = level.find(field.explain->field);
    if (words != level.end() && words->is_string() && *words != "") return;
    std::string label = value.dump();
    for (const auto& option : field.options)
      if (option.value == value.dump()) label = option.label;
    Add(Joined(path, field.explain->field), "Expliquez cette réponse (" + label + ").");
  }

  void Answer(const Field& field, const json& value, const std::string& path) {
    switch (field.kind) {
      case Kind::kText:
        return Add(path, DatedError(field, value));
      case Kind::kInteger:
      case Kind::kNumber:
        return Add(path, NumberError(field, value));
      case Kind::kList:
        return Add(path, ListError(field, value));
      case Kind::kBoolean:
        if (!value.is_boolean()) return Add(path, "Répondez par oui ou par non.");
        if (field.widget == "checkbox" && field.required && !value.get<bool>())
          Add(path, "Cochez cette case pour continuer.");
        return;
      case Kind::kGroup:
        if (!value.is_object()) return Add(path, "Cette réponse n’est pas valable.");
        return Level(field.children, value, path);
      case Kind::kRows:
        return Rows(field, value, path);
      case Kind::kHeading:
        return;
    }
  }

  std::string DatedError(const Field& field, const json& value) const {
    auto wrong = TextError(field, value);
    const bool ahead = field.until_today && !today_.empty() && wrong.empty() &&
                       value.get_ref<const std::string&>() > today_;  // ISO dates sort as text
    return ahead ? "Cette date n’est pas encore venue : indiquez aujourd’hui ou un jour passé."
                 : wrong;
  }

  void Rows(const Field& field, const json& value, const std::string& path) {
    if (!value.is_array()) return Add(path, "Entrez une liste.");
    Add(path, CountError(field, value.size()));
    for (std::size_t row = 0; row < value.size(); ++row) {
      const std::string here = Joined(path, std::to_string(row));
      if (!value[row].is_object())
        Add(here, "Cette réponse n’est pas valable.");
      else
        Level(field.children, value[row], here);
    }
  }

  const std::string& today_;
};

// Already said here, above or below: the schema's word adds nothing.
bool IsSaid(const std::vector<FieldError>& errors, const std::string& path) {
  const auto inside = [](const std::string& part, const std::string& whole) {
    return whole.empty() || part == whole || part.starts_with(whole + ".");
  };
  return std::any_of(errors.begin(), errors.end(), [&](const FieldError& error) {
    return inside(error.path, path) || inside(path, error.path);
  });
}

}  // namespace

std::vector<FieldError> Validate(const Form& form, const json& answers, const std::string& today) {
  const auto checked = CheckedAnswers(answers);
  if (!checked) return {{"", checked.refusal().sentence}};
  json judged = WithoutHidden(form, checked.value());
  for (const auto& computed : form.computed) judged.erase(computed.name);
  Examiner examiner(today);
  examiner.Level(form.fields, judged, "");
  if (AskingField(form) != nullptr && PointsAsked(form, judged).empty() && examiner.errors.empty())
    examiner.errors.push_back({AskingField(form)->name,
                               "Dites au moins une chose à reprendre : un point, ou une phrase."});
  for (const auto& path : form.judge->BrokenPaths(judged))
    if (!IsSaid(examiner.errors, path))
      examiner.errors.push_back({path, "Cette réponse n’est pas valable."});
  return examiner.errors;
}

}  // namespace aiguillage::forms

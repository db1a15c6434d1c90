#include "forms/computed.h"

#include <map>

#include "engine/expression.h"
#include "forms/hidden.h"

namespace aiguillage::forms {

engine::Outcome<nlohmann::json> WithComputed(const Form& form, nlohmann::json answers) {
  nlohmann::json known = WithoutHidden(form, std::move(answers));
  for (const auto& computed : form.computed) {
    const auto parsed = engine::ParseExpression(computed.expression);
    if (!parsed) return parsed.refusal();
    auto value = engine::Evaluate(parsed.value(), {{"answers", known}});
    if (!value)
      return engine::Refusal{"computed",
                             "Le calcul « " + computed.name + " » du formulaire « " + form.title +
                                 " » n’aboutit pas : " + value.refusal().sentence,
                             {}};
    known[computed.name] = std::move(value).value();
  }
  for (const auto& computed : form.computed)
    if (computed.name.starts_with('_')) known.erase(computed.name);
  return known;
}

}  // namespace aiguillage::forms

// Answers that a form takes, worked out from the form itself: its required fields, by their kind,
// and the shown ones only. What there is to choose, the caller chooses.
//
//   FilledIn(form)                                     the first option everywhere
//   FilledIn(form, {.choose = [&](std::size_t n) { return random() % n; }, .people = {…}})
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"

namespace aiguillage::test {

struct Filling {
  std::function<std::size_t(std::size_t)> choose = [](std::size_t) { return std::size_t{0}; };
  std::vector<std::string> people = {"rita@exemple.invalid", "remi@exemple.invalid",
                                     "rosa@exemple.invalid"};
};

nlohmann::json FilledIn(const forms::Form& form, const Filling& filling = {});

}  // namespace aiguillage::test

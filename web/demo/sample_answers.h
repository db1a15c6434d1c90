// Plausible answers to any form, for the demo call: what the form's own schema asks for, with words
// from demo/words.json where the file has something better to say than the generic sentence.
//
//   SampleAnswers sample(words, seed);
//   sample.Fill(form, {{"decision", "favorable"}})   // fixed answers win over invented ones
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "forms/form.h"

namespace aiguillage::web {

class SampleAnswers {
 public:
  // words: {"FORM.FIELD": ["text", …], "FIELD": […], "*": […]}, the closest key wins.
  SampleAnswers(const nlohmann::json& words, std::uint64_t seed) : words_(words), random_(seed) {}

  // Answers that the form's validation accepts; `topic` replaces {sujet} in the words.
  nlohmann::json Fill(const forms::Form& form, const nlohmann::json& fixed,
                      const std::string& topic, std::int64_t now);
  // Uniform in [low, high].
  std::int64_t Between(std::int64_t low, std::int64_t high);

 private:
  nlohmann::json Value(const forms::Form& form, const forms::Field& field,
                       const nlohmann::json& schema, const std::string& path);
  nlohmann::json Number(const forms::Field& field, const nlohmann::json& schema);
  std::string Words(const forms::Form& form, const forms::Field& field,
                    const nlohmann::json& schema, const std::string& path);

  const nlohmann::json& words_;
  std::mt19937_64 random_;
  std::string topic_;
  std::int64_t now_ = 0;
};

}  // namespace aiguillage::web

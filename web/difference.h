// What changed between two versions of a form, field by field, as a person reads it.
//
//   Differences(form, {{"title", "Écrire clair"}}, {{"title", "Écrire plus clair"}}, files)
//     -> {"Titre du projet", before {"Écrire clair"}, after {"Écrire ", "plus "*, "clair"}}
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "forms/form.h"
#include "storage/documents.h"
#include "web/sight.h"

namespace aiguillage::web {

struct Piece {
  std::string text;
  bool changed = false;
};
struct WordDifference {
  std::vector<Piece> before, after;
};
// Words that only one of them has are marked; texts too long to be laid side by side are marked
// whole between what they start and end with alike.
WordDifference CompareWords(const std::string& before, const std::string& after);

struct FieldDifference {
  std::string label;
  WordDifference words;
};
std::vector<FieldDifference> Differences(const forms::Form& form, const nlohmann::json& before,
                                         const nlohmann::json& after,
                                         const std::vector<storage::File>& files);

// What one part says: a field, a table, a criterion of a grid. "" without an answer.
std::string TextOfPart(const forms::Form& form, const nlohmann::json& answers,
                       const std::string& path, const std::vector<storage::File>& files);

// The version that a change is told against: the last one before it, of the same author where each
// has their own, that the visitor may read and that says something else. Null without.
const storage::Document* BaselineOf(const std::vector<storage::Document>& documents,
                                    const storage::Document& document, const forms::Form& form,
                                    const Sight& sight);
std::string ChangesAddress(const std::string& number, const storage::Document& document);

}  // namespace aiguillage::web

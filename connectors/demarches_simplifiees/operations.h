// The GraphQL we send to Démarches Simplifiées: our own text, kept in operations/*.graphql and
// compiled in. Each operation travels with the fragments it names, whole, and with nothing else.
//
//   Text(Operation::kDossierStatus) -> "query DossierStatus($number: Int!) { … }"
//   Name(Operation::kDossierStatus) -> "DossierStatus"
#pragma once

#include <string>
#include <vector>

namespace aiguillage::connectors {

// The files, as compiled in (a generated .cpp).
extern const char* const kQueries;
extern const char* const kMutations;
extern const char* const kFragments;

enum class Operation {
  kDemarcheDescriptor,
  kDossiersPage,
  kDossierNumbers,
  kDossierOne,
  kDossierStatus,
  kDossierMessages,
  kDossierAnnotations,
  kPendingDeleted,
  kDeleted,
  kPasserEnInstruction,
  kAccepter,
  kRefuser,
  kClasserSansSuite,
  kEnvoyerMessage,
  kAnnulerCorrection,
  kModifierAnnotations,
  kAjouterLabel,
  kSupprimerLabel,
  kChangerGroupe,
  kDirectUpload,
};

const std::vector<Operation>& Operations();
const std::string& Name(Operation operation);
const std::string& Text(Operation operation);
bool IsMutation(Operation operation);
// The field of `data` that holds the answer of a mutation: "dossierAccepter".
const std::string& MutationField(Operation operation);

}  // namespace aiguillage::connectors

// The console's texts in French.

export default {
  language: 'FR : français',
  skip: 'Aller au message', tools: 'Outils', docs: 'API', key: 'Clé d’API', theme: { auto: 'Thème auto', light: 'Thème clair', dark: 'Thème sombre' },
  conversation: 'Conversation', restart: 'Recommencer',
  welcome: 'Écrivez comme le ferait un client', explain: 'Le ticket se remplit au fil de la conversation, et la question suivante arrive automatiquement.',
  samples: 'Exemples', message: 'Message du client', hint: 'Entrée pour envoyer, Maj + Entrée pour aller à la ligne', stop: 'Arrêter', send: 'Envoyer',
  user: 'Client', assistant: 'Support', analysing: 'Analyse en cours', ready: 'Question posée', complete: 'Merci, votre ticket est complet.', stopped: 'Arrêté.', retry: 'Réessayer',
  ticket: 'Ticket', progress: 'Champs remplis', count: (n, all) => `${n} champ${n > 1 ? 's' : ''} sur ${all}`, jump: (count) => `Ticket : ${count}`,
  missing: 'à demander', asked: 'demandé', unknown: 'inconnu', levels: { high: 'sûr', medium: 'probable', low: 'à vérifier' }, yes: 'oui', no: 'non',
  degraded: 'Mode dégradé : le moteur local a remplacé le modèle.', needs_review: 'À relire : un champ au moins est peu sûr.', cached: 'Réponse reprise du cache.',
  how: 'Détails de la réponse',
  meta: { backend: 'Moteur', model: 'Modèle', duration: 'Durée', first: 'Délai de première réponse', attempts: 'Appels', tokens: 'Jetons', id: 'Identifiant' },
  requests: 'Requêtes', noRequests: 'Les requêtes et leurs réponses en JSON s’affichent ici.', request: 'Requête', answer: 'Réponse', copy: 'Copier', copied: 'Copié', pending: 'en cours',
  keyHelp: 'Nécessaire seulement si le service exige une clé. Elle est oubliée à la fermeture de l’onglet.', keyLabel: 'Clé', cancel: 'Annuler', save: 'Enregistrer',
  network: 'Le service ne répond pas. Vérifiez la connexion, puis réessayez.', unreadable: 'La réponse du service est illisible.', broken: 'La réponse s’est interrompue avant la fin.',
  down: 'Service indisponible',
  labels: { titre: 'Titre', categorie: 'Catégorie', priorite: 'Priorité', description: 'Description', localisation: 'Localisation', equipement: 'Équipement' },
  examples: ['L’imprimante HP LaserJet du 2e étage n’imprime plus depuis ce matin.', 'Je n’arrive plus à me connecter au VPN, c’est urgent !', 'Sur la facture de mars, le même écran m’est facturé deux fois.'],
};
